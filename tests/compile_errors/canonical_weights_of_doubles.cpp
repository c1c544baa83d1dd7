// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: array_holds_other_numbers_than_float<.*double
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct m : tf::gpt2<tf::gpt2_config{.layers = 1, .width = 16, .heads = 2, .vocabulary = 11, .context = 8}> {};

double values[std::size_t(tf::canonical_weights<m>::count)];
tf::canonical_weights<m> wrong{values};  // expect-own-line
