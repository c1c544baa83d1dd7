// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: option_is_out_of_range<typeformer::attention_dropout<
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct my_gpt
    : tf::gpt2<tf::gpt2_config{
          .layers = 2, .width = 64, .heads = 4, .vocabulary = 512, .context = 64, .attention_dropout = -0.1}> {};

using wrong = tf::training_pass<my_gpt, tf::causal_language_model>;  // expect-own-line
