// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <bit>
#include <cstdint>

namespace typeformer {

/// Whether a number is neither infinite nor NaN. It tests the bits, so no compiler flag can remove the test.
constexpr bool is_finite(float x) { return (std::bit_cast<std::uint32_t>(x) & 0x7f80'0000u) != 0x7f80'0000u; }
constexpr bool is_finite(double x) {
  constexpr std::uint64_t exponent = 0x7ff0'0000'0000'0000u;
  return (std::bit_cast<std::uint64_t>(x) & exponent) != exponent;
}

/// Whether a number is NaN, by its bits.
constexpr bool is_nan(float x) { return (std::bit_cast<std::uint32_t>(x) & 0x7fff'ffffu) > 0x7f80'0000u; }
constexpr bool is_nan(double x) {
  return (std::bit_cast<std::uint64_t>(x) & 0x7fff'ffff'ffff'ffffu) > 0x7ff0'0000'0000'0000u;
}

}  // namespace typeformer
