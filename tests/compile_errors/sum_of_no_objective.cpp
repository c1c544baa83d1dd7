// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: type_is_no_objective<typeformer::objective_sum<
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct my_gpt : tf::gpt2<tf::gpt2_config{.layers = 2, .width = 8, .heads = 2, .vocabulary = 11, .context = 8}> {};

using wrong = tf::training_pass<my_gpt, tf::objective_sum<>>;  // expect-own-line
