// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: wrong_template_argument<typeformer::class_token, typeformer::padding<-1>, typeformer::token_embedding
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct text
    : tf::encoder_only<
          tf::token_embedding<tf::vocabulary<9>, tf::width<16>, tf::class_token>,
          tf::learned_positions<tf::context<16>>,
          tf::pre_norm_block<tf::self_attention<tf::heads<2>, tf::bidirectional>, tf::feed_forward<32, tf::relu>>,
          tf::first_token, tf::classifier<4>> {};

static_assert(tf::parameter_count<text> > 0);  // expect-own-line
