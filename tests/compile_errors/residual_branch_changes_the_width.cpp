// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: residual_branch_changes_the_width<typeformer::width<96>, typeformer::width<64>, typeformer::residual<typeformer::layer_norm<>, typeformer::linear<96>
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct wide_branch
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
                       tf::residual<tf::layer_norm<>, tf::linear<96>>, tf::layer_norm<>, tf::tied_head> {};

static_assert(tf::parameter_count<wide_branch> > 0);  // expect-own-line
