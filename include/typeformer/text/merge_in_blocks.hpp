// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <typeformer/text/pair_merger.hpp>
#include <typeformer/text/word_piece.hpp>

namespace typeformer {

/// How a long word is cut for `merge_in_blocks`.
struct merge_blocks {
  std::size_t pieces = 4096;  ///< of a block
  std::size_t dropped = 64;   ///< tokens at the end of a block that are not trusted; fewer than a quarter of the pieces
};

/// Byte-pair encoding of a word of any length by `pair_merger`, in memory that does not grow with the word but for its
/// tokens.
///
/// Two encodings one after the other are the encoding of the whole if the last token of the first and the first token of
/// the second stay apart when they alone are encoded: the merges of a part do not depend on what is beside it until a
/// pair across the border is merged, and the first such pair lies within these two tokens. So blocks are encoded one by
/// one, each from where the tokens of the last one are trusted, and every border is checked. A border that does not hold
/// is moved; where that happens often the word is merged as a whole.
///
/// `first(from, to, pieces)` appends the word's pieces number `from` up to `to` of `count` as they are before any merge.
/// `number_at(place)` is the number of the piece that begins at a place, or `count` at the end. `emit(pieces)` takes the
/// next tokens; `restart()` takes them all back.
template <class Find, class First, class NumberAt, class Emit, class Restart>
void merge_in_blocks(const Find& find, std::size_t count, const First& first, const NumberAt& number_at,
                     const Emit& emit, const Restart& restart, merge_blocks blocks = {}) {
  using tokens = std::span<const word_piece>;
  pair_merger<Find> merger{find};
  std::vector<word_piece> block, border, kept;
  const auto merge_whole = [&] {
    block.clear();
    first(std::size_t{0}, count, block);
    merger.merge(block, 0);
    restart();
    emit(tokens{block});
  };
  if (count <= blocks.pieces) return merge_whole();
  const auto stay_apart = [&](const word_piece& left, const word_piece& right) {
    border.clear();
    first(number_at(left.begin), number_at(right.end), border);
    merger.merge(border, 0);
    return border.size() == 2 && border[0].end == left.end;
  };
  const std::size_t least = (std::min)(blocks.pieces, 8 * blocks.dropped + 2);
  std::size_t moved = 0, size = blocks.pieces;
  for (std::size_t at = 0; at < count;) {
    const std::size_t end = at + (std::min)(size, count - at);
    block.clear();
    first(at, end, block);
    merger.merge(block, 0);
    if (at > 0 && (kept.empty() || !stay_apart(kept.back(), block.front()))) {
      if (kept.empty() || ++moved > 16 + count / blocks.pieces) return merge_whole();
      at = number_at(kept.back().begin);
      kept.pop_back();
      size = least;  // it costs little to try again
      continue;
    }
    if (end < count)
      block.resize(block.size() > 2 * blocks.dropped ? block.size() - blocks.dropped : block.size() / 2 + 1);
    at = end < count ? number_at(block.back().end) : count;
    kept.insert(kept.end(), block.begin(), block.end());
    size = blocks.pieces;
    if (kept.size() <= blocks.pieces) continue;
    const std::size_t sure = kept.size() - 2 * blocks.dropped;  // a border may still be moved over the others
    emit(tokens{kept}.first(sure));
    kept.erase(kept.begin(), kept.begin() + static_cast<std::ptrdiff_t>(sure));
  }
  emit(tokens{kept});
}

/// The same for the pieces from `begin` on in a list. Precondition: each ends where the next one begins, or before.
template <class Find> void merge_listed(const Find& find, std::vector<word_piece>& pieces, std::size_t begin) {
  if (pieces.size() - begin <= merge_blocks{}.pieces) return pair_merger<Find>{find}.merge(pieces, begin);
  const std::vector<word_piece> listed(pieces.begin() + static_cast<std::ptrdiff_t>(begin), pieces.end());
  pieces.resize(begin);
  const auto first = [&](std::size_t from, std::size_t to, std::vector<word_piece>& made) {
    made.insert(made.end(), listed.begin() + static_cast<std::ptrdiff_t>(from),
                listed.begin() + static_cast<std::ptrdiff_t>(to));
  };
  const auto number_at = [&](std::uint32_t place) {
    return static_cast<std::size_t>(std::ranges::lower_bound(listed, place, {}, &word_piece::begin) - listed.begin());
  };
  merge_in_blocks(
      find, listed.size(), first, number_at,
      [&](std::span<const word_piece> made) { pieces.insert(pieces.end(), made.begin(), made.end()); },
      [&] { pieces.resize(begin); });
}

}  // namespace typeformer
