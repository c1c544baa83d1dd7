// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: objective_needs_a_head<typeformer::masked_lm, bare>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct bare : tf::bert_body<tf::bert_config{.layers = 1, .width = 32, .heads = 2, .vocabulary = 64, .context = 16},
                            tf::gelu_erf> {};

using wrong = tf::training_pass<bare, tf::masked_lm>;  // expect-own-line
