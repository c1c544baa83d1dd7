// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: two_parameters_have_the_same_name<.*"blocks\.\*\.0\.weight"
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct two_stacks
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
                       tf::repeat<2, tf::residual<tf::layer_norm<>, tf::linear<64>>>,
                       tf::repeat<2, tf::residual<tf::linear<64>>>, tf::layer_norm<>, tf::tied_head> {};

static_assert(tf::parameter_count<two_stacks> > 0);  // expect-own-line
