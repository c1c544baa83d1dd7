// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: head_takes_no_scale<typeformer::scaled_logits<typeformer::tied_head
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct wrong_model
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>, tf::learned_positions<tf::context<4>>,
                       tf::scaled_logits<tf::scaled_logits<tf::tied_head, 2.0>, 0.5>> {};

using wrong = tf::weights<wrong_model>;  // expect-own-line
