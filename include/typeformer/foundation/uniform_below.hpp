// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/foundation/philox.hpp>

namespace typeformer {

/// A number from 0 to size - 1, all with exactly the same probability.
///
/// It is the upper half of a random word times `size`. A word that would favor some numbers is rejected and drawn again
/// (Lemire, "Fast random integer generation in an interval", 2019, arXiv:1805.10941, §4).
/// Precondition: size > 0, else it traps. Cost: one word, rarely more.
constexpr std::uint32_t uniform_below(std::uint32_t size, philox& generator) {
  if (size == 0) __builtin_trap();
  constexpr std::uint64_t lower_half = 0xFFFF'FFFF;
  std::uint64_t product = std::uint64_t{generator()} * size;
  if ((product & lower_half) < size) {
    const std::uint64_t surplus = (lower_half + 1) % size;
    while ((product & lower_half) < surplus) product = std::uint64_t{generator()} * size;
  }
  return static_cast<std::uint32_t>(product >> 32);
}

}  // namespace typeformer
