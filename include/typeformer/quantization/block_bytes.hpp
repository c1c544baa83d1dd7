// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>

#include <typeformer/foundation/float16.hpp>

namespace typeformer::quantization {

// Blocks are bytes at any alignment, little-endian on every machine.

constexpr float half_at(const std::byte* bytes) {
  return float16::from_bits(
      static_cast<std::uint16_t>(std::to_integer<unsigned>(bytes[0]) | std::to_integer<unsigned>(bytes[1]) << 8));
}
constexpr void put_half(float value, std::byte* bytes) {
  const std::uint16_t bits = float16(value).bits;
  bytes[0] = std::byte(bits & 0xff);
  bytes[1] = std::byte(bits >> 8);
}

constexpr int byte_at(const std::byte* bytes, int i) { return std::to_integer<int>(bytes[i]); }
constexpr int signed_byte_at(const std::byte* bytes, int i) {
  const int value = byte_at(bytes, i);
  return value < 128 ? value : value - 256;
}
/// The lower 4 bits of a byte, or the upper ones.
constexpr int low_half(const std::byte* bytes, int i) { return byte_at(bytes, i) & 15; }
constexpr int high_half(const std::byte* bytes, int i) { return byte_at(bytes, i) >> 4; }

/// 32 bits, one for each element of a block of 32.
constexpr std::uint32_t bits_at(const std::byte* bytes) {
  std::uint32_t bits = 0;
  for (int i = 0; i < 4; ++i) bits |= std::to_integer<std::uint32_t>(bytes[i]) << (8 * i);
  return bits;
}
constexpr void put_bits(std::uint32_t bits, std::byte* bytes) {
  for (int i = 0; i < 4; ++i) bytes[i] = std::byte(bits >> (8 * i) & 0xff);
}

}  // namespace typeformer::quantization
