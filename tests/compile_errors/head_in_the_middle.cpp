// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: layer_cannot_stand_here<typeformer::tied_head>
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct two_heads
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
                       tf::tied_head, tf::layer_norm<>, tf::tied_head> {};

static_assert(tf::parameter_count<two_heads> > 0);  // expect-own-line
