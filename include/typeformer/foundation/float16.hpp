// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <bit>
#include <cstdint>

namespace typeformer {

/// IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits, with subnormals, infinities and NaN.
///
/// From `float` it rounds to nearest, ties to even. From 65520 on the result is infinity. A NaN stays a (quiet) NaN
/// with its sign. To `float` it is exact.
struct float16 {
  std::uint16_t bits = 0;

  constexpr float16() = default;
  constexpr explicit float16(float value) : bits{rounded(std::bit_cast<std::uint32_t>(value))} {}
  static constexpr float16 from_bits(std::uint16_t bits) {
    float16 number;
    number.bits = bits;
    return number;
  }

  constexpr operator float() const {
    const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000) << 16;
    const std::uint32_t exponent = (bits >> 10) & 0x1f, fraction = bits & 0x3ff;
    if (exponent == 0) {
      constexpr float subnormal_step = 0x1p-24F;
      const float magnitude = static_cast<float>(fraction) * subnormal_step;
      return sign != 0 ? -magnitude : magnitude;
    }
    const std::uint32_t binary32_exponent = exponent == 0x1f ? 0xff : exponent + bias_difference;
    return std::bit_cast<float>(sign | (binary32_exponent << 23) | (fraction << 13));
  }

 private:
  static constexpr std::uint32_t bias_difference = 127 - 15;

  static constexpr std::uint16_t rounded(std::uint32_t binary32) {
    const std::uint32_t sign = (binary32 >> 16) & 0x8000;
    return static_cast<std::uint16_t>(sign | rounded_magnitude(binary32 & 0x7fffffff));
  }

  static constexpr std::uint32_t rounded_magnitude(std::uint32_t magnitude) {
    constexpr std::uint32_t binary32_infinity = 0x7f800000, infinity = 0x7c00, quiet = 0x0200;
    constexpr std::uint32_t two_to_the_16 = 0x47800000, smallest_normal = 0x38800000, half_of_smallest = 0x33000000;
    if (magnitude > binary32_infinity) return infinity | quiet | ((magnitude >> 13) & 0x3ff);
    if (magnitude >= two_to_the_16) return infinity;
    if (magnitude >= smallest_normal) {
      const std::uint32_t rebiased = magnitude - (bias_difference << 23);
      return (rebiased + 0xfff + ((rebiased >> 13) & 1)) >> 13;
    }
    if (magnitude <= half_of_smallest) return 0;
    const std::uint32_t significand = (magnitude & 0x7fffff) | 0x800000;
    const std::uint32_t dropped_bits = 126 - (magnitude >> 23);
    const std::uint32_t quotient = significand >> dropped_bits;
    const std::uint32_t remainder = significand & ((1U << dropped_bits) - 1), tie = 1U << (dropped_bits - 1);
    return quotient + (remainder > tie || (remainder == tie && (quotient & 1) != 0) ? 1 : 0);
  }
};

}  // namespace typeformer
