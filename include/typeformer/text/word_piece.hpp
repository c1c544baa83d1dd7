// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>

namespace typeformer {

/// A token of a word, and the bytes of the word that it stands for.
struct word_piece {
  std::int32_t id;
  std::uint32_t begin, end;
};

/// Longer words are not encoded.
inline constexpr std::size_t longest_encoded_word = 0x7FFF'FFFF;

}  // namespace typeformer
