// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>

#include <typeformer/quantization/block_bytes.hpp>

namespace typeformer::quantization {

/// 32 numbers of 5 bits in 20 bytes, as Q5_0 and Q5_1 have them: the fifth bits of all in 4 bytes, then 16 bytes, of which
/// byte i holds the lower bits of elements i and i + 16.
struct five_bits {
  /// Calls `visit(element, number)` for all of them.
  template <class Visit> static constexpr void for_each(const std::byte* bytes, Visit&& visit) {
    const std::uint32_t fifth = bits_at(bytes);
    for (int i = 0; i < 16; ++i) {
      visit(i, low_half(bytes + 4, i) | int(fifth >> i & 1) << 4);
      visit(i + 16, high_half(bytes + 4, i) | int(fifth >> (i + 16) & 1) << 4);
    }
  }
  /// `number_of(element)` is from 0 to 31.
  template <class NumberOf> static constexpr void put(NumberOf&& number_of, std::byte* bytes) {
    std::uint32_t fifth = 0;
    for (int i = 0; i < 16; ++i) {
      const int low = number_of(i), high = number_of(i + 16);
      bytes[4 + i] = std::byte((low & 15) | (high & 15) << 4);
      fifth |= std::uint32_t(low >> 4) << i | std::uint32_t(high >> 4) << (i + 16);
    }
    put_bits(fifth, bytes);
  }
};

}  // namespace typeformer::quantization
