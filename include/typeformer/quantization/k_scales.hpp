// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>

#include <typeformer/quantization/block_bytes.hpp>

namespace typeformer::quantization {

/// The 6-bit scale and minimum of 32 elements, as Q4_K and Q5_K pack eight of each into 12 bytes.
struct k_scale {
  int scale, minimum;

  /// Number `i` of 8.
  static constexpr k_scale at(const std::byte* packed, int i) {
    if (i < 4) return {byte_at(packed, i) & 63, byte_at(packed, i + 4) & 63};
    return {low_half(packed, i + 4) | byte_at(packed, i - 4) >> 6 << 4,
            high_half(packed, i + 4) | byte_at(packed, i) >> 6 << 4};
  }
};

}  // namespace typeformer::quantization
