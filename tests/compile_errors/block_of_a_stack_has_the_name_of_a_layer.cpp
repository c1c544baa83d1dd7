// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: two_parameters_have_the_same_name<.*"blocks\.\*\.weight"
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct twins : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>,
                                tf::learned_positions<tf::context<128>>, tf::named<"blocks.1", tf::linear<64>>,
                                tf::repeat<2, tf::linear<64>>, tf::layer_norm<>, tf::tied_head> {};

static_assert(tf::parameter_count<twins> > 0);  // expect-own-line
