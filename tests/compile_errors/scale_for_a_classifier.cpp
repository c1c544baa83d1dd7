// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: head_takes_no_scale<typeformer::classifier<3>,
// typeformer::scaled_logits<typeformer::classifier<3>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct wrong_model
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>, tf::learned_positions<tf::context<4>>,
                       tf::scaled_logits<tf::classifier<3>, 0.5>> {};

using wrong = tf::weights<wrong_model>;  // expect-own-line
