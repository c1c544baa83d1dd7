// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: wrong_template_argument<typeformer::width<8>, typeformer::vocabulary<1>, typeformer::token_embedding<
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct my_model : tf::decoder_only<tf::token_embedding<tf::width<8>, tf::vocabulary<11>>,
                                   tf::learned_positions<tf::context<8>>, tf::layer_norm<>, tf::tied_head> {};

static_assert(tf::parameter_count<my_model> > 0);  // expect-own-line
