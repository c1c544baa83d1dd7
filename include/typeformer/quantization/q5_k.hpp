// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>

#include <typeformer/quantization/k_scales.hpp>

namespace typeformer::quantization {

/// ggml's Q5_K: Q4_K with a fifth bit. Bit `part` of 32 bytes is the fifth one of the elements of that part.
struct q5_k {
  static constexpr int elements = 256, bytes = 176;

  static constexpr void decode(const std::byte* block, float* x) {
    const float step = half_at(block), offset = half_at(block + 2);
    const std::byte* const fifth = block + 16;
    const std::byte* q = block + 48;
    for (int part = 0; part < 8; ++part) {
      const k_scale s = k_scale::at(block + 4, part);
      const float scale = step * static_cast<float>(s.scale), minimum = offset * static_cast<float>(s.minimum);
      for (int i = 0; i < 32; ++i) {
        const int low = part % 2 == 0 ? low_half(q, i) : high_half(q, i);
        x[32 * part + i] = scale * static_cast<float>(low | (byte_at(fifth, i) >> part & 1) << 4) - minimum;
      }
      if (part % 2 != 0) q += 32;
    }
  }
};

}  // namespace typeformer::quantization
