// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: parallel_has_no_branch<typeformer::parallel<>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct m : tf::decoder_only<tf::token_embedding<tf::vocabulary<11>, tf::width<8>>,
                            tf::learned_positions<tf::context<8>>, tf::residual<tf::parallel<>>, tf::tied_head> {};

using wrong = tf::session<m>;  // expect-own-line
