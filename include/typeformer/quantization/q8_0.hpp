// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>

#include <typeformer/quantization/block_bytes.hpp>
#include <typeformer/quantization/block_range.hpp>

namespace typeformer::quantization {

/// ggml's Q8_0: 32 numbers as a binary16 step d and 32 signed bytes q; x = d q.
struct q8_0 {
  static constexpr int elements = 32, bytes = 34;

  static constexpr void decode(const std::byte* block, float* x) {
    const float step = half_at(block);
    for (int i = 0; i < elements; ++i) x[i] = static_cast<float>(signed_byte_at(block + 2, i)) * step;
  }
  /// Precondition: finite numbers. If the largest is beyond 127 · 65504, the step is infinite.
  static constexpr void encode(const float* x, std::byte* block) {
    const float farthest = range_of<elements>(x).farthest_from_zero;
    const float step = (farthest < 0 ? -farthest : farthest) / 127, inverse = inverse_of(step);
    put_half(step, block);
    for (int i = 0; i < elements; ++i) {
      const float scaled = x[i] * inverse;  // rounded half away from zero
      const int q = floor_up_to(127, (scaled < 0 ? -scaled : scaled) + 0.5F);
      block[2 + i] = std::byte((scaled < 0 ? -q : q) & 0xff);
    }
  }
};

}  // namespace typeformer::quantization
