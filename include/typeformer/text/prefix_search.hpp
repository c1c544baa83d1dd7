// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/text/detail/piece_trie.hpp>

namespace typeformer {

/// Finds which of some texts begin at a place of another one.
class prefix_search {
 public:
  struct numbered_text {
    std::string text;
    std::int32_t number;
  };

  prefix_search() : prefix_search(std::vector<numbered_text>{}) {}
  /// Empty texts are left out. Of equal texts the first one counts.
  explicit prefix_search(std::vector<numbered_text> texts) : trie_{sorted(texts)}, is_empty_{texts.empty()} {
    for (const numbered_text& each : texts) first_bytes_[static_cast<unsigned char>(each.text.front())] = true;
  }

  bool empty() const { return is_empty_; }
  /// The size of the longest one, or 0.
  std::size_t longest(std::string_view text) const { return longest_match(text).size; }
  detail::piece_trie::match longest_match(std::string_view text) const {
    if (text.empty() || !first_bytes_[static_cast<unsigned char>(text.front())]) return {-1, 0};
    return trie_.longest(detail::piece_trie::root, text);
  }
  /// Calls `visit(number, size)` for all of them, the shortest first.
  template <class Visit> void for_each(std::string_view text, Visit&& visit) const {
    auto node = detail::piece_trie::root;
    for (std::size_t size = 1; size <= text.size(); ++size) {
      const auto next = trie_.child(node, text[size - 1]);
      if (!next) return;
      node = *next;
      if (const std::int32_t number = trie_.id(node); number >= 0) visit(number, size);
    }
  }

 private:
  static detail::piece_trie sorted(std::vector<numbered_text>& texts) {
    std::erase_if(texts, [](const numbered_text& each) { return each.text.empty(); });
    std::ranges::stable_sort(texts, {}, &numbered_text::text);
    texts.erase(std::unique(texts.begin(), texts.end(), [](const auto& a, const auto& b) { return a.text == b.text; }),
                texts.end());
    std::vector<detail::piece_trie::spelled_piece> pieces;
    pieces.reserve(texts.size());
    for (const numbered_text& each : texts) pieces.push_back({each.text, each.number});
    return detail::piece_trie{pieces};
  }

  detail::piece_trie trie_;
  bool is_empty_;
  std::bitset<256> first_bytes_;
};

}  // namespace typeformer
