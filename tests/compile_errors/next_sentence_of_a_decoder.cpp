// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: objective_needs_logits_of_sequences<typeformer::next_sentence,
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct small_decoder
    : tf::gpt2<tf::gpt2_config{.layers = 2, .width = 64, .heads = 4, .vocabulary = 512, .context = 128}> {};

using wrong = tf::training_pass<small_decoder, tf::next_sentence>;  // expect-own-line
