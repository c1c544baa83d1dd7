// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: weights_do_not_have_this_format<typeformer::int4<int, typeformer::symmetric ?>, small>|weights_do_not_have_this_format<typeformer::int4<int>, small>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct small : tf::decoder_only<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>,
                                tf::learned_positions<tf::context<4>>, tf::tied_head> {};

using wrong = tf::weights<small, tf::int4<int>>;  // expect-own-line
