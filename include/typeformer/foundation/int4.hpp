// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

namespace typeformer {

/// Two signed four-bit numbers, -8..7, in one byte: the first in the low nibble, both in two's complement.
struct int4_pair {
  std::uint8_t bits = 0;

  /// Saturates each number to -8..7.
  static constexpr int4_pair pack(int first, int second) {
    return {static_cast<std::uint8_t>((saturated(first) & 0xf) | ((saturated(second) & 0xf) << 4))};
  }
  constexpr int first() const { return sign_extended(bits & 0xf); }
  constexpr int second() const { return sign_extended(bits >> 4); }
  friend constexpr bool operator==(int4_pair, int4_pair) = default;

 private:
  static constexpr int saturated(int value) { return value < -8 ? -8 : value > 7 ? 7 : value; }
  static constexpr int sign_extended(int nibble) { return (nibble ^ 8) - 8; }
};

/// Two unsigned four-bit numbers, 0..15, in one byte: the first in the low nibble.
struct uint4_pair {
  std::uint8_t bits = 0;

  /// Saturates each number to 0..15.
  static constexpr uint4_pair pack(int first, int second) {
    return {static_cast<std::uint8_t>(saturated(first) | (saturated(second) << 4))};
  }
  constexpr int first() const { return bits & 0xf; }
  constexpr int second() const { return bits >> 4; }
  friend constexpr bool operator==(uint4_pair, uint4_pair) = default;

 private:
  static constexpr int saturated(int value) { return value < 0 ? 0 : value > 15 ? 15 : value; }
};

}  // namespace typeformer
