// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: positions_of_the_model_cannot_move<typeformer::attention_sinks<4>, small>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct small : tf::decoder_only<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>,
                                tf::learned_positions<tf::context<32>>, tf::self_attention<>, tf::tied_head> {};

using wrong = tf::session<small, tf::tokens<8>, tf::attention_sinks<4>>;  // expect-own-line
