// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>

#include <typeformer/quantization/block_bytes.hpp>
#include <typeformer/quantization/block_range.hpp>

namespace typeformer::quantization {

/// ggml's Q5_1: 32 numbers as a binary16 step d and minimum m, and 5 bits q of each; x = d q + m. The bits lie as those
/// of Q5_0.
struct q5_1 {
  static constexpr int elements = 32, bytes = 24;

  static constexpr void decode(const std::byte* block, float* x) {
    const float step = half_at(block), lowest = half_at(block + 2);
    const std::uint32_t fifth = bits_at(block + 4);
    for (int i = 0; i < 16; ++i) {
      x[i] = static_cast<float>(low_half(block + 8, i) | int(fifth >> i & 1) << 4) * step + lowest;
      x[i + 16] = static_cast<float>(high_half(block + 8, i) | int(fifth >> (i + 16) & 1) << 4) * step + lowest;
    }
  }
  /// Precondition: finite numbers, whose spread is finite, too.
  static constexpr void encode(const float* x, std::byte* block) {
    const block_range range = range_of<elements>(x);
    const float step = (range.highest - range.lowest) / 31, inverse = inverse_of(step);
    std::uint32_t fifth = 0;
    for (int i = 0; i < 16; ++i) {
      const int low = floor_up_to(31, (x[i] - range.lowest) * inverse + 0.5F),
                high = floor_up_to(31, (x[i + 16] - range.lowest) * inverse + 0.5F);
      block[8 + i] = std::byte((low & 15) | (high & 15) << 4);
      fifth |= std::uint32_t(low >> 4) << i | std::uint32_t(high >> 4) << (i + 16);
    }
    put_half(step, block), put_half(range.lowest, block + 2), put_bits(fifth, block + 4);
  }
};

}  // namespace typeformer::quantization
