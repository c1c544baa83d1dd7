// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: more_context_is_asked_for_than_the_model_has<typeformer::source<128>, typeformer::source<64>, my_t5>
#include <typeformer/models/t5.hpp>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct my_t5 : tf::t5<tf::t5_config{.layers = 2, .width = 64, .heads = 4, .vocabulary = 512, .context = 64}> {};

using wrong = tf::training_pass<my_t5, tf::causal_language_model, tf::source<128>>;  // expect-own-line
