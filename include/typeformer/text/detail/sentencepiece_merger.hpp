// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <typeformer/text/merge_in_blocks.hpp>
#include <typeformer/text/pair_merger.hpp>
#include <typeformer/text/sentencepiece_pieces.hpp>
#include <typeformer/text/unicode.hpp>
#include <typeformer/text/word_piece.hpp>

namespace typeformer::detail {

/// SentencePiece's byte-pair encoding: two pieces are merged if their text is a piece. Pieces of users are not merged.
/// A piece that is not used is split again.
class sentencepiece_merger {
 public:
  sentencepiece_merger(const sentencepiece_pieces& pieces, std::string_view text) : pieces_{pieces}, text_{text} {}

  std::vector<word_piece> characters() {
    std::vector<word_piece> parts = first_parts();
    for (word_piece& each : parts) each.id = pieces_.id_of(text_of(each));
    return parts;
  }

  std::vector<word_piece> merged() {
    std::vector<word_piece> parts = first_parts();
    const auto find = [this](const word_piece& left, const word_piece& right) -> merge_table::merge {
      if (left.id == frozen || right.id == frozen) return {};
      const std::string_view both = text_.substr(left.begin, right.end - left.begin);
      const merge_table::merge found = pieces_.merge_to(both);
      if (pieces_.has_unused() && found.rank != merge_table::no_rank &&
          pieces_.type(found.id) == sentencepiece_type::unused)
        left_sizes_[both] = left.end - left.begin;
      return found;
    };
    // What is split again must have been merged in one go.
    if (pieces_.has_unused()) pair_merger{find}.merge(parts, 0);
    else merge_listed(find, parts, 0);
    std::vector<word_piece> whole;
    for (const word_piece& each : parts) resegment(each, whole);
    return whole;
  }

 private:
  static constexpr std::int32_t frozen = -3;

  std::string_view text_of(const word_piece& part) const { return text_.substr(part.begin, part.end - part.begin); }

  std::vector<word_piece> first_parts() const {
    std::vector<word_piece> parts;
    for (std::size_t at = 0, end = 0; at < text_.size(); at = end) {
      const std::size_t of_user = pieces_.user_defined().longest(text_.substr(at));
      end = at + (of_user > 0 ? of_user : character_at(text_, at).size);
      parts.push_back({of_user > 0 ? frozen : token_vocabulary::none, static_cast<std::uint32_t>(at),
                       static_cast<std::uint32_t>(end)});
    }
    return parts;
  }

  void resegment(const word_piece& part, std::vector<word_piece>& to) const {
    std::vector<word_piece> open{part};
    while (!open.empty()) {
      word_piece next = open.back();
      open.pop_back();
      next.id = pieces_.id_of(text_of(next));
      const auto split =
          pieces_.type(next.id) == sentencepiece_type::unused ? left_sizes_.find(text_of(next)) : left_sizes_.end();
      if (split == left_sizes_.end()) {
        to.push_back(next);
        continue;
      }
      open.push_back({next.id, next.begin + split->second, next.end});
      open.push_back({next.id, next.begin, next.begin + split->second});
    }
  }

  const sentencepiece_pieces& pieces_;
  std::string_view text_;
  std::unordered_map<std::string_view, std::uint32_t> left_sizes_;  ///< of merges to pieces that are not used
};

}  // namespace typeformer::detail
