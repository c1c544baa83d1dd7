// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: option_is_out_of_range<typeformer::clipped_projections<
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct wrong_model
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>, tf::learned_positions<tf::context<4>>,
                       tf::self_attention<tf::heads<2>, tf::clipped_projections<0.0>>, tf::tied_head> {};

using wrong = tf::weights<wrong_model>;  // expect-own-line
