// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <bitset>
#include <utility>
#include <vector>

#include <typeformer/text/unicode.hpp>
#include <typeformer/text/white_space.hpp>

namespace typeformer {

/// A set of characters, as a class of a regular expression such as `[^\s\p{L}\r\n]` denotes it.
class character_class {
 public:
  void add(char32_t first, char32_t last) { ranges_.push_back({first, last}); }
  void add(char32_t c) { add(c, c); }
  void add_categories(category_set set) { categories_ |= set; }
  void add_white_space() { has_white_space_ = true; }
  void add_word_characters() { has_word_characters_ = true; }
  void add(character_class nested) { nested_.push_back(std::move(nested)); }
  void negate() { is_negated_ = !is_negated_; }
  /// The characters of both; what was added before is on the left side.
  void intersect(character_class other) {
    character_class left;
    std::swap(left, *this);
    left.negate();
    other.negate();
    add(std::move(left));
    add(std::move(other));
    negate();
  }
  /// Also the other case of letters, and of the two other characters whose folding is an ASCII letter.
  void ignore_case() { ignores_case_ = true; }
  /// To be called once, before `contains`.
  void finish() {
    for (character_class& each : nested_) each.finish();
    for (char32_t c = 0; c < ascii_.size(); ++c) ascii_[c] = evaluate(c);
  }

  bool contains(char32_t c) const { return c < ascii_.size() ? ascii_[c] : evaluate(c); }

 private:
  bool evaluate(char32_t c) const {
    bool is_in = holds(c);
    if (!is_in && ignores_case_) {
      const auto code_point = static_cast<utf8proc_int32_t>(c);
      is_in = holds(static_cast<char32_t>(utf8proc_tolower(code_point))) ||
              holds(static_cast<char32_t>(utf8proc_toupper(code_point))) ||
              (c == 0x17F && (holds('s') || holds('S'))) || (c == 0x212A && (holds('k') || holds('K')));
    }
    return is_in != is_negated_;
  }
  bool holds(char32_t c) const {
    return std::ranges::any_of(ranges_, [c](const auto& range) { return range.first <= c && c <= range.second; }) ||
           (categories_ != 0 && has_category(c, categories_)) || (has_white_space_ && is_white_space(c)) ||
           (has_word_characters_ && is_word_character(c)) ||
           std::ranges::any_of(nested_, [c](const character_class& each) { return each.evaluate(c); });
  }

  std::vector<std::pair<char32_t, char32_t>> ranges_;
  std::vector<character_class> nested_;
  category_set categories_ = 0;
  bool has_white_space_ = false, has_word_characters_ = false, ignores_case_ = false, is_negated_ = false;
  std::bitset<128> ascii_;
};

}  // namespace typeformer
