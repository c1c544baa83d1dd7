// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <typeformer/text/prefix_search.hpp>
#include <typeformer/text/unicode.hpp>
#include <typeformer/text/word_piece.hpp>

namespace typeformer {

namespace detail {

/// The best segmentation that ends at a place.
template <class Score> struct best_end {
  static constexpr std::uint32_t no_place = 0xFFFF'FFFF;
  Score score = 0;
  std::uint32_t begin = no_place;  ///< of its last piece
  std::int32_t id = -1;
};

}  // namespace detail

/// The segmentation of a word into pieces of the greatest sum of scores (Viterbi's algorithm). Of equal sums, the last
/// piece is the longest one.
///
/// `score_of(number, size)` is the score of a piece that `search` finds. Where no piece is one character long, the
/// character is a piece `unknown` with `unknown_score`. `Score` is the type in which sums are kept. Cost: linear in the
/// word, times the length of the longest piece.
template <class Score, class ScoreOf>
std::vector<word_piece> best_segmentation(std::string_view word, const prefix_search& search, const ScoreOf& score_of,
                                          Score unknown_score, std::int32_t unknown) {
  using best_end = detail::best_end<Score>;
  std::vector<best_end> ends(word.size() + 1);
  for (std::size_t at = 0; at < word.size();) {
    const Score before = ends[at].score;
    const std::size_t character = character_at(word, at).size;
    bool has_one = false;
    const auto offer = [&](std::int32_t id, std::size_t size, auto score) {
      best_end& end = ends[at + size];
      const auto sum = score + before;
      if (end.begin == best_end::no_place || sum > end.score)
        end = {static_cast<Score>(sum), static_cast<std::uint32_t>(at), id};
      has_one = has_one || size == character;
    };
    search.for_each(word.substr(at), [&](std::int32_t id, std::size_t size) { offer(id, size, score_of(id, size)); });
    if (!has_one) offer(unknown, character, unknown_score);
    at += character;
  }
  std::vector<word_piece> pieces;
  for (std::size_t end = word.size(); end > 0; end = ends[end].begin)
    pieces.push_back({ends[end].id, ends[end].begin, static_cast<std::uint32_t>(end)});
  std::reverse(pieces.begin(), pieces.end());
  return pieces;
}

}  // namespace typeformer
