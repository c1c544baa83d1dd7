// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>

#include <typeformer/quantization/block_bytes.hpp>
#include <typeformer/quantization/block_range.hpp>

namespace typeformer::quantization {

/// ggml's Q5_0: 32 numbers as a binary16 step d and 5 bits q of each; x = d (q - 16). The fifth bits of all elements are
/// 4 bytes before the others, of which byte i holds those of elements i and i + 16.
struct q5_0 {
  static constexpr int elements = 32, bytes = 22;

  static constexpr void decode(const std::byte* block, float* x) {
    const float step = half_at(block);
    const std::uint32_t fifth = bits_at(block + 2);
    for (int i = 0; i < 16; ++i) {
      x[i] = static_cast<float>((low_half(block + 6, i) | int(fifth >> i & 1) << 4) - 16) * step;
      x[i + 16] = static_cast<float>((high_half(block + 6, i) | int(fifth >> (i + 16) & 1) << 4) - 16) * step;
    }
  }
  /// The number farthest from zero becomes q = 0. Precondition: finite numbers.
  static constexpr void encode(const float* x, std::byte* block) {
    const float step = range_of<elements>(x).farthest_from_zero / -16, inverse = inverse_of(step);
    std::uint32_t fifth = 0;
    for (int i = 0; i < 16; ++i) {
      const int low = floor_up_to(31, x[i] * inverse + 16.5F), high = floor_up_to(31, x[i + 16] * inverse + 16.5F);
      block[6 + i] = std::byte((low & 15) | (high & 15) << 4);
      fifth |= std::uint32_t(low >> 4) << i | std::uint32_t(high >> 4) << (i + 16);
    }
    put_half(step, block), put_bits(fifth, block + 2);
  }
};

}  // namespace typeformer::quantization
