// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: option_is_unknown<.*theta<
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct m : tf::decoder_only<tf::token_embedding<tf::vocabulary<11>, tf::width<8>>,
                            tf::learned_positions<tf::context<8>>, tf::tied_head> {};

static_assert(tf::flops<m, tf::evaluating_with<tf::theta<1.0>>> > 0);  // expect-own-line
