// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: objective_needs_logits_of_the_vocabulary<typeformer::causal_language_model, typeformer::width<5>, typeformer::vocabulary<11>, my_model
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct my_model
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<11>, tf::width<8>>, tf::learned_positions<tf::context<8>>,
                       tf::repeat<2, tf::pre_norm_block<tf::self_attention<tf::heads<4>, tf::causal>,
                                                        tf::feed_forward<16, tf::gelu_tanh>>>,
                       tf::layer_norm<>, tf::classifier<5>> {};

using wrong = tf::training_pass<my_model, tf::causal_language_model>;  // expect-own-line
