// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: parameters_are_neither_float_nor_double<int, small>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct small : tf::decoder_only<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>,
                                tf::learned_positions<tf::context<4>>, tf::tied_head> {};

using wrong = tf::parameters<small, int>;  // expect-own-line
