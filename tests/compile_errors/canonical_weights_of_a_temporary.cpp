// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: (use of deleted function|call to deleted constructor)
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct m : tf::gpt2<tf::gpt2_config{.layers = 1, .width = 16, .heads = 2, .vocabulary = 11, .context = 8}> {};

using array = std::array<float, std::size_t(tf::canonical_weights<m>::count)>;
tf::canonical_weights<m> wrong{array{}};  // expect-own-line
