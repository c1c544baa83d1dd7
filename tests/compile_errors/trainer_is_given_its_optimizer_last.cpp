// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: type_is_no_optimizer<typeformer::batch<2>
#include <typeformer/hosted.hpp>

namespace tf = typeformer;

struct m : tf::gpt2<tf::gpt2_config{.layers = 1, .width = 16, .heads = 2, .vocabulary = 11, .context = 8}> {};

using wrong = tf::trainer<m, tf::causal_language_model, tf::batch<2>, tf::adamw>;  // expect-own-line
