// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: repeated_block_changes_the_width<typeformer::width<96>, typeformer::width<64>, typeformer::repeat<4, typeformer::linear<96>
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct growing
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
                       tf::repeat<4, tf::linear<96>>, tf::layer_norm<>, tf::tied_head> {};

static_assert(tf::parameter_count<growing> > 0);  // expect-own-line
