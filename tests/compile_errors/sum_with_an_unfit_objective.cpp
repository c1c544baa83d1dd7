// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: objective_needs_logits_of_sequences<typeformer::.*rows<typeformer::axis::token, 512>
// expect-first-lines: objective_sum<.*masked_lm, .*next_sentence>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct masked_only
    : tf::roberta<tf::roberta_config{.layers = 2, .width = 64, .heads = 4, .vocabulary = 512, .context = 128}> {};

using wrong = tf::training_pass<masked_only, tf::bert_pretraining>;  // expect-own-line
