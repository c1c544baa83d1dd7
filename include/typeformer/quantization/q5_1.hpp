// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>

#include <typeformer/quantization/block_bytes.hpp>
#include <typeformer/quantization/block_range.hpp>
#include <typeformer/quantization/five_bits.hpp>

namespace typeformer::quantization {

/// ggml's Q5_1: 32 numbers as a binary16 step d and minimum m, and 5 bits q of each; x = d q + m.
struct q5_1 {
  static constexpr int elements = 32, bytes = 24;

  static constexpr void decode(const std::byte* block, float* x) {
    const float step = half_at(block), lowest = half_at(block + 2);
    five_bits::for_each(block + 4, [&](int i, int q) { x[i] = static_cast<float>(q) * step + lowest; });
  }
  /// Precondition: finite numbers, whose spread is finite, too.
  static constexpr void encode(const float* x, std::byte* block) {
    const block_range range = range_of<elements>(x);
    const float step = (range.highest - range.lowest) / 31, inverse = inverse_of(step);
    put_half(step, block), put_half(range.lowest, block + 2);
    five_bits::put([&](int i) { return floor_up_to(31, (x[i] - range.lowest) * inverse + 0.5F); }, block + 4);
  }
};

}  // namespace typeformer::quantization
