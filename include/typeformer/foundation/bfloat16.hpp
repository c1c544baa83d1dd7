// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <bit>
#include <cstdint>

namespace typeformer {

/// The upper half of an IEEE 754 binary32: 1 sign, 8 exponent and 7 fraction bits.
///
/// From `float` it rounds to nearest, ties to even. Overflow gives infinity. A NaN stays a (quiet) NaN with its sign.
/// To `float` it is exact.
struct bfloat16 {
  std::uint16_t bits = 0;

  constexpr bfloat16() = default;
  constexpr explicit bfloat16(float value) : bits{rounded(std::bit_cast<std::uint32_t>(value))} {}
  static constexpr bfloat16 from_bits(std::uint16_t bits) {
    bfloat16 number;
    number.bits = bits;
    return number;
  }

  constexpr operator float() const { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }

 private:
  static constexpr std::uint16_t rounded(std::uint32_t binary32) {
    constexpr std::uint32_t magnitude_mask = 0x7fffffff, infinity = 0x7f800000, quiet = 0x00400000;
    if ((binary32 & magnitude_mask) > infinity) return static_cast<std::uint16_t>((binary32 | quiet) >> 16);
    const std::uint32_t ties_to_even = 0x7fff + ((binary32 >> 16) & 1);
    return static_cast<std::uint16_t>((binary32 + ties_to_even) >> 16);
  }
};

}  // namespace typeformer
