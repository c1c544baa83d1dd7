// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: type_is_no_model<typeformer::causal_language_model>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct small : tf::decoder_only<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>,
                                tf::learned_positions<tf::context<4>>, tf::tied_head> {};

using wrong = tf::training_pass<tf::causal_language_model, small>;  // expect-own-line
