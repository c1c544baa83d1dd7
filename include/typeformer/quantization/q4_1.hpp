// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>

#include <typeformer/quantization/block_bytes.hpp>
#include <typeformer/quantization/block_range.hpp>

namespace typeformer::quantization {

/// ggml's Q4_1: 32 numbers as a binary16 step d and minimum m, and 4 bits q of each; x = d q + m. Byte i holds elements
/// i and i + 16.
struct q4_1 {
  static constexpr int elements = 32, bytes = 20;

  static constexpr void decode(const std::byte* block, float* x) {
    const float step = half_at(block), lowest = half_at(block + 2);
    for (int i = 0; i < 16; ++i) {
      x[i] = static_cast<float>(low_half(block + 4, i)) * step + lowest;
      x[i + 16] = static_cast<float>(high_half(block + 4, i)) * step + lowest;
    }
  }
  /// Precondition: finite numbers, whose spread is finite, too.
  static constexpr void encode(const float* x, std::byte* block) {
    const block_range range = range_of<elements>(x);
    const float step = (range.highest - range.lowest) / 15, inverse = inverse_of(step);
    put_half(step, block), put_half(range.lowest, block + 2);
    for (int i = 0; i < 16; ++i)
      block[4 + i] = std::byte(floor_up_to(15, (x[i] - range.lowest) * inverse + 0.5F) |
                               floor_up_to(15, (x[i + 16] - range.lowest) * inverse + 0.5F) << 4);
  }
};

}  // namespace typeformer::quantization
