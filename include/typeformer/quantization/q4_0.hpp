// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>

#include <typeformer/quantization/block_bytes.hpp>
#include <typeformer/quantization/block_range.hpp>

namespace typeformer::quantization {

/// ggml's Q4_0: 32 numbers as a binary16 step d and 4 bits q of each; x = d (q - 8). Byte i holds elements i and i + 16.
struct q4_0 {
  static constexpr int elements = 32, bytes = 18;

  static constexpr void decode(const std::byte* block, float* x) {
    const float step = half_at(block);
    for (int i = 0; i < 16; ++i) {
      x[i] = static_cast<float>(low_half(block + 2, i) - 8) * step;
      x[i + 16] = static_cast<float>(high_half(block + 2, i) - 8) * step;
    }
  }
  /// The number farthest from zero becomes q = 0. Precondition: finite numbers.
  static constexpr void encode(const float* x, std::byte* block) {
    const float step = range_of<elements>(x).farthest_from_zero / -8, inverse = inverse_of(step);
    put_half(step, block);
    for (int i = 0; i < 16; ++i)
      block[2 + i] =
          std::byte(floor_up_to(15, x[i] * inverse + 8.5F) | floor_up_to(15, x[i + 16] * inverse + 8.5F) << 4);
  }
};

}  // namespace typeformer::quantization
