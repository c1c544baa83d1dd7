// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>

#include <typeformer/quantization/block_bytes.hpp>
#include <typeformer/quantization/block_range.hpp>
#include <typeformer/quantization/five_bits.hpp>

namespace typeformer::quantization {

/// ggml's Q5_0: 32 numbers as a binary16 step d and 5 bits q of each; x = d (q - 16).
struct q5_0 {
  static constexpr int elements = 32, bytes = 22;

  static constexpr void decode(const std::byte* block, float* x) {
    const float step = half_at(block);
    five_bits::for_each(block + 2, [&](int i, int q) { x[i] = static_cast<float>(q - 16) * step; });
  }
  /// The number farthest from zero becomes q = 0. Precondition: finite numbers.
  static constexpr void encode(const float* x, std::byte* block) {
    const float step = range_of<elements>(x).farthest_from_zero / -16, inverse = inverse_of(step);
    put_half(step, block);
    five_bits::put([&](int i) { return floor_up_to(31, x[i] * inverse + 16.5F); }, block + 2);
  }
};

}  // namespace typeformer::quantization
