// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: option_is_unknown<float
#include <typeformer/hosted.hpp>

namespace tf = typeformer;

struct m : tf::gpt2<tf::gpt2_config{.layers = 1, .width = 16, .heads = 2, .vocabulary = 11, .context = 8}> {};

using wrong = tf::trainer<m, tf::causal_language_model, tf::adamw, float, tf::batch<2>>;  // expect-own-line
