// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: position_bias_has_other_heads_than_the_attention<typeformer::heads<2>, typeformer::heads<4>,
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct my_model : tf::decoder_only<tf::token_embedding<tf::vocabulary<11>, tf::width<8>>,
                                   tf::alibi_positions<tf::context<8>, tf::heads<2>>,
                                   tf::repeat<2, tf::pre_norm_block<tf::self_attention<tf::heads<4>, tf::causal>,
                                                                    tf::feed_forward<16, tf::gelu_tanh>>>,
                                   tf::layer_norm<>, tf::tied_head> {};

static_assert(tf::parameter_count<my_model> > 0);  // expect-own-line
