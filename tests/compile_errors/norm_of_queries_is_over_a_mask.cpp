// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: wrong_template_argument<typeformer::causal, typeformer::norm_extent, typeformer::query_key_norm<
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct wrong_model
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>, tf::learned_positions<tf::context<4>>,
                       tf::self_attention<tf::heads<2>, tf::query_key_norm<tf::rms_norm<>, tf::causal>>,
                       tf::tied_head> {};

using wrong = tf::weights<wrong_model>;  // expect-own-line
