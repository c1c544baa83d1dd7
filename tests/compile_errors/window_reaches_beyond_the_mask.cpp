// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: window_reaches_beyond_the_mask<typeformer::two_sided<typeformer::sliding_window<2> ?>, typeformer::causal, typeformer::self_attention<
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct wrong_model
    : tf::encoder_only<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>, tf::learned_positions<tf::context<4>>,
                       tf::self_attention<tf::heads<2>, tf::two_sided<tf::sliding_window<2>>>> {};

using wrong = tf::weights<wrong_model>;  // expect-own-line
