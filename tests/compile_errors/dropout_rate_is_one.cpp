// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: dropout_rate_is_not_from_zero_to_below_one<
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct my_gpt
    : tf::gpt2<tf::gpt2_config{.layers = 2, .width = 64, .heads = 4, .vocabulary = 512, .context = 64, .dropout = 1}> {
};

using wrong = tf::training_pass<my_gpt, tf::causal_language_model>;  // expect-own-line
