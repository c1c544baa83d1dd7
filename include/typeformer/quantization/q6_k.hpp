// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>

#include <typeformer/quantization/block_bytes.hpp>

namespace typeformer::quantization {

/// ggml's Q6_K: 256 numbers as 6 bits q each, 16 signed 8-bit scales and a binary16 d; x = (d scale) (q - 32).
///
/// Each half of 128 has 64 bytes with the lower 4 bits (elements 0 to 63 and 64 to 127) and 32 bytes with the upper 2
/// (element i of each quarter from bit 2 · quarter on). A scale is for 16 elements.
struct q6_k {
  static constexpr int elements = 256, bytes = 210;

  static constexpr void decode(const std::byte* block, float* x) {
    const float step = half_at(block + 208);
    for (int i = 0; i < elements; ++i) {
      const int half = i / 128, quarter = i % 128 / 32, column = i % 32;
      const std::byte* const low = block + 64 * half + 32 * (quarter % 2);
      const int low_bits = quarter < 2 ? low_half(low, column) : high_half(low, column);
      const int high_bits = byte_at(block + 128 + 32 * half, column) >> (2 * quarter) & 3;
      const float scale = step * static_cast<float>(signed_byte_at(block + 192, i / 16));
      x[i] = scale * static_cast<float>((low_bits | high_bits << 4) - 32);
    }
  }
};

}  // namespace typeformer::quantization
