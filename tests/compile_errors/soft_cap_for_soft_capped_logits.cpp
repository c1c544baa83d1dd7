// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: head_takes_no_soft_cap<typeformer::soft_capped_logits<typeformer::tied_head
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct wrong_model
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>, tf::learned_positions<tf::context<4>>,
                       tf::soft_capped_logits<tf::soft_capped_logits<tf::tied_head, 2.0>, 0.5>> {};

using wrong = tf::weights<wrong_model>;  // expect-own-line
