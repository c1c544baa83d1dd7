// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: tied_head_has_another_width_than_the_embedding<typeformer::width<96>, typeformer::width<64>, typeformer::tied_head>
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct wider_at_the_end
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
                       tf::linear<96>, tf::layer_norm<>, tf::tied_head> {};

static_assert(tf::parameter_count<wider_at_the_end> > 0);  // expect-own-line
