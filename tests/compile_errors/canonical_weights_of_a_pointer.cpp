// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: weights_are_no_array<const float ?\*
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct m : tf::gpt2<tf::gpt2_config{.layers = 1, .width = 16, .heads = 2, .vocabulary = 11, .context = 8}> {};

auto wrong(const float* values) { return tf::canonical_weights<m>{values}; }  // expect-own-line
