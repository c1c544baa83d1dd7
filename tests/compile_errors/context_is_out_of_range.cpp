// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: option_is_out_of_range<typeformer::context<0>, typeformer::learned_positions<
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct my_model : tf::decoder_only<tf::token_embedding<tf::vocabulary<11>, tf::width<8>>,
                                   tf::learned_positions<tf::context<0>>, tf::layer_norm<>, tf::tied_head> {};

static_assert(tf::parameter_count<my_model> > 0);  // expect-own-line
