// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/generation/random_words.hpp>

namespace typeformer {

/// A uniform number in [0, 1): one of the 2^24 multiples of 2^-24, all equally likely and exact in `float`.
///
/// Takes one word of the generator.
template <RandomWords Generator> constexpr float uniform01(Generator& generator) {
  return static_cast<float>(static_cast<std::uint32_t>(generator()) >> 8) * 0x1p-24f;
}

}  // namespace typeformer
