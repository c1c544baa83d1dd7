// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: type_is_no_use<int>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct small : tf::decoder_only<tf::token_embedding<tf::vocabulary<11>, tf::width<8>>,
                                tf::learned_positions<tf::context<8>>, tf::tied_head> {};
using wrong = tf::footprint<small, int>;  // expect-own-line
