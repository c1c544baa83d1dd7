// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: objective_needs_logits_of_tokens<typeformer::masked_lm,
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct classifier_of_texts
    : tf::bert_body<tf::bert_config{.layers = 2, .width = 64, .heads = 4, .vocabulary = 512, .context = 128},
                    tf::gelu_erf, tf::first_token_pooler<>, tf::classifier<3>> {};

using wrong = tf::training_pass<classifier_of_texts, tf::masked_lm>;  // expect-own-line
