// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: temperature_is_out_of_range<typeformer::token_distillation<.*>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct my_gpt
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<64>, tf::width<32>>, tf::learned_positions<tf::context<16>>,
                       tf::repeat<2, tf::pre_norm_block<tf::self_attention<tf::heads<2>, tf::causal>,
                                                        tf::feed_forward<64, tf::gelu_tanh>>>,
                       tf::layer_norm<>, tf::tied_head> {};

using wrong = tf::training_pass<my_gpt, tf::token_distillation<0.0>>;  // expect-own-line
