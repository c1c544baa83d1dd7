// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: gated_width_is_odd<typeformer::width<63>, typeformer::gated_activation<typeformer::silu>
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct odd
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
                       tf::residual<tf::linear<63>, tf::gated_activation<tf::silu>, tf::linear<64>>, tf::layer_norm<>,
                       tf::tied_head> {};

static_assert(tf::parameter_count<odd> > 0);  // expect-own-line
