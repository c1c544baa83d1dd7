// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: parallel_branches_have_different_widths<typeformer::width<96>, typeformer::width<64>, typeformer::parallel<typeformer::linear<64>, typeformer::linear<96>
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct uneven_branches
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
                       tf::residual<tf::parallel<tf::linear<64>, tf::linear<96>>>, tf::layer_norm<>, tf::tied_head> {};

static_assert(tf::parameter_count<uneven_branches> > 0);  // expect-own-line
