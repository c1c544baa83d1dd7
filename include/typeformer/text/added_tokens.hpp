// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <typeformer/text/prefix_search.hpp>
#include <typeformer/text/unicode.hpp>
#include <typeformer/text/white_space.hpp>

namespace typeformer {

/// A token that is searched for in the text before it is split.
struct added_token {
  std::int32_t id = 0;
  std::string text{};
  bool is_single_word = false;                     ///< not within a word
  bool strips_left = false, strips_right = false;  ///< takes the white space beside it
  bool is_normalized = false;                      ///< searched for after the normalization, and normalized itself
  bool is_special = false;                         ///< can be left out in decoding
  std::string normalized{};                        ///< its text after normalization
};

/// The added tokens of a vocabulary.
class added_tokens {
 public:
  added_tokens() = default;
  explicit added_tokens(std::vector<added_token> tokens) : tokens_{std::move(tokens)} {
    std::vector<prefix_search::numbered_text> raw, normalized;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      added_token& each = tokens_[i];
      if (!each.is_normalized) each.normalized = each.text;
      (each.is_normalized ? normalized : raw).push_back({each.normalized, static_cast<std::int32_t>(i)});
      by_id_[each.id] = i;
      if (each.is_special) special_texts_.insert(each.text);
    }
    raw_ = prefix_search{std::move(raw)};
    normalized_ = prefix_search{std::move(normalized)};
  }

  const std::vector<added_token>& all() const { return tokens_; }
  const added_token* find(std::int32_t id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : &tokens_[found->second];
  }
  const added_token* find(std::string_view text) const {
    const auto found = std::ranges::find(tokens_, text, &added_token::text);
    return found == tokens_.end() ? nullptr : &*found;
  }
  bool is_special(std::string_view text) const { return special_texts_.contains(std::string(text)); }

  /// Calls `visit(begin, end, token)` for all parts of a text in order; `token` is null between tokens. The leftmost
  /// token counts, and of those the longest one.
  template <class Visit> void for_each_part(std::string_view text, bool in_normalized, Visit&& visit) const {
    const prefix_search& search = in_normalized ? normalized_ : raw_;
    std::size_t done = 0;
    for (std::size_t at = 0; !search.empty() && at < text.size();) {
      const auto found = search.longest_match(text.substr(at));
      if (found.size == 0) {
        ++at;
        continue;
      }
      const added_token& token = tokens_[static_cast<std::size_t>(found.id)];
      std::size_t begin = at, end = at + found.size;
      at = end;
      if (end <= done || (token.is_single_word && is_within_word(text, begin, end))) continue;
      while (token.strips_left && begin > done)
        if (const std::size_t size = white_space_before(text, begin); size > 0) begin -= size;
        else break;
      begin = (std::max)(begin, done);
      while (token.strips_right && end < text.size() && is_white_space(character_at(text, end).code_point))
        end += character_at(text, end).size;
      if (done < begin) visit(done, begin, nullptr);
      visit(begin, end, &token);
      done = end;
    }
    if (done < text.size()) visit(done, text.size(), nullptr);
  }

 private:
  static bool is_within_word(std::string_view text, std::size_t begin, std::size_t end) {
    return (begin > 0 && is_word_character(character_before(text, begin).code_point)) ||
           (end < text.size() && is_word_character(character_at(text, end).code_point));
  }

  std::vector<added_token> tokens_;
  std::unordered_map<std::int32_t, std::size_t> by_id_;
  std::unordered_set<std::string> special_texts_;
  prefix_search raw_, normalized_;
};

}  // namespace typeformer
