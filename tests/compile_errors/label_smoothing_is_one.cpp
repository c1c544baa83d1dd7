// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: option_is_out_of_range<typeformer::label_smoothing<
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct my_gpt : tf::gpt2<tf::gpt2_config{.layers = 2, .width = 64, .heads = 4, .vocabulary = 512, .context = 64}> {};

using wrong = tf::training_pass<my_gpt, tf::token_cross_entropy<tf::label_smoothing<1.0>>>;  // expect-own-line
