// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: more_context_is_asked_for_than_the_model_has<typeformer::context<9>, typeformer::context<8>
#include <typeformer/hosted.hpp>

namespace tf = typeformer;

struct m : tf::gpt2<tf::gpt2_config{.layers = 1, .width = 16, .heads = 2, .vocabulary = 11, .context = 8}> {};

using wrong = tf::trainer<m, tf::causal_language_model, tf::adamw, tf::tokens<9>>;  // expect-own-line
