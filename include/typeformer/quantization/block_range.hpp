// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/is_finite.hpp>

namespace typeformer::quantization {

/// The extreme numbers of a block.
struct block_range {
  float lowest, highest;
  float farthest_from_zero;  ///< the first of these, with its sign
};

template <int Elements> constexpr block_range range_of(const float* x) {
  block_range range{x[0], x[0], x[0]};
  const auto magnitude = [](float value) { return value < 0 ? -value : value; };
  for (int i = 1; i < Elements; ++i) {
    if (x[i] < range.lowest) range.lowest = x[i];
    if (x[i] > range.highest) range.highest = x[i];
    if (magnitude(x[i]) > magnitude(range.farthest_from_zero)) range.farthest_from_zero = x[i];
  }
  return range;
}

/// 1 / step; 0 for a step that is 0, or so small that its inverse is infinite.
constexpr float inverse_of(float step) {
  const float inverse = step != 0 ? 1 / step : 0;
  return is_finite(inverse) ? inverse : 0;
}

/// The integer below a number that is not negative, at most `highest`.
constexpr int floor_up_to(int highest, float x) {
  return x >= static_cast<float>(highest) ? highest : static_cast<int>(x);
}

}  // namespace typeformer::quantization
