// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>

#include <typeformer/quantization/k_scales.hpp>

namespace typeformer::quantization {

/// ggml's Q4_K: 256 numbers as binary16 d and m, eight 6-bit scales and minima, and 4 bits q of each number;
/// x = (d scale) q - (m minimum). 32 bytes hold 32 elements in their lower bits and the next 32 in their upper ones.
struct q4_k {
  static constexpr int elements = 256, bytes = 144;

  static constexpr void decode(const std::byte* block, float* x) {
    const float step = half_at(block), offset = half_at(block + 2);
    const std::byte* q = block + 16;
    for (int part = 0; part < 8; ++part) {
      const k_scale s = k_scale::at(block + 4, part);
      const float scale = step * static_cast<float>(s.scale), minimum = offset * static_cast<float>(s.minimum);
      for (int i = 0; i < 32; ++i)
        x[32 * part + i] = scale * static_cast<float>(part % 2 == 0 ? low_half(q, i) : high_half(q, i)) - minimum;
      if (part % 2 != 0) q += 32;
    }
  }
};

}  // namespace typeformer::quantization
