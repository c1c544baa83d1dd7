// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace typeformer::detail {

inline constexpr auto crc32_table = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = value & 1 ? value >> 1 ^ 0xedb88320 : value >> 1;
    table[i] = value;
  }
  return table;
}();

/// The checksum of zip files, continued from that of what came before.
constexpr std::uint32_t crc32(std::span<const std::byte> bytes, std::uint32_t before = 0) {
  std::uint32_t value = ~before;
  for (const std::byte b : bytes) value = value >> 8 ^ crc32_table[(value ^ std::to_integer<std::uint32_t>(b)) & 255];
  return ~value;
}

}  // namespace typeformer::detail
