// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/text/aligned_text.hpp>
#include <typeformer/text/text_pattern.hpp>
#include <typeformer/text/utf8.hpp>

namespace typeformer {

/// What becomes of the matches of a pattern at which a text is split; the names are Hugging Face's.
enum class split_behavior { removed, isolated, merged_with_previous, merged_with_next, contiguous };

/// A text on its way through the pre-tokenizers, and the words into which it is split so far.
class split_text {
 public:
  /// A part of the original at `base`, which must stay where it is.
  split_text(std::string_view original, std::size_t base, bool is_tracked) : view_{original}, base_{base} {
    changed_.is_tracked = is_tracked;
    if (!original.empty()) words_.push_back({0, original.size()});
  }
  explicit split_text(aligned_text text) : changed_{std::move(text)}, base_{changed_.base}, is_changed_{true} {
    if (!changed_.text.empty()) words_.push_back({0, changed_.text.size()});
  }

  std::string_view text() const { return is_changed_ ? std::string_view{changed_.text} : view_; }
  std::string_view word(const text_range& of) const { return text().substr(of.begin, of.end - of.begin); }
  const std::vector<text_range>& words() const { return words_; }
  bool is_tracked() const { return changed_.is_tracked; }

  /// Where bytes of the text come from in the original, in whole characters. Precondition: is_tracked().
  text_range origin(std::size_t begin, std::size_t end) const {
    if (is_changed_) {
      const auto& origins = changed_.origins;
      if (begin >= end && begin < origins.size()) return {origins[begin].begin, origins[begin].begin};
      if (begin >= end || end > origins.size()) return {base_ + begin, base_ + end};
      return {origins[begin].begin, origins[end - 1].end};
    }
    if (begin >= end) return {base_ + begin, base_ + end};
    const auto continues = [&](std::size_t at) { return (static_cast<unsigned char>(view_[at]) & 0xC0u) == 0x80u; };
    if (continues(begin)) begin = begin_of_character(begin);
    if (end < view_.size() && continues(end)) {
      const std::size_t last = begin_of_character(end - 1);
      end = (std::max)(end, last + character_at(view_, last).size);
    }
    return {base_ + begin, base_ + end};
  }

  /// Replaces each word by the words that `split(text of the word, its begin, emit)` emits, in order. False if it fails.
  template <class Split> bool split_words(Split split) {
    std::vector<text_range> words;
    words.reserve(words_.size());
    const auto emit = [&](std::size_t begin, std::size_t end) {
      if (begin < end) words.push_back({begin, end});
    };
    for (const text_range& each : words_)
      if (!split(word(each), each.begin, emit)) return false;
    words_ = std::move(words);
    return true;
  }

  bool split_at(const text_pattern& pattern, split_behavior behavior, bool is_inverted = false);

  /// Changes each word by `change(aligned_text&)`.
  template <class Change> void change_words(Change change) {
    aligned_text whole;
    whole.is_tracked = is_tracked();
    whole.base = base_;
    std::vector<text_range> words;
    words.reserve(words_.size());
    for (const text_range& each : words_) {
      aligned_text part;
      part.text = std::string(word(each));
      part.is_tracked = is_tracked();
      if (is_tracked()) {
        for (std::size_t i = each.begin; i < each.end; ++i) part.origins.push_back(origin(i, i + 1));
        part.base = part.origins.empty() ? base_ : part.origins.front().begin;
      }
      change(part);
      if (part.text.empty()) continue;
      words.push_back({whole.text.size(), whole.text.size() + part.text.size()});
      whole.text += part.text;
      whole.origins.insert(whole.origins.end(), part.origins.begin(), part.origins.end());
    }
    changed_ = std::move(whole);
    is_changed_ = true;
    words_ = std::move(words);
  }

 private:
  std::size_t begin_of_character(std::size_t at) const {
    for (std::size_t back = 0; back < 4 && back <= at; ++back)
      if (utf8_at(view_, at - back).size > back) return at - back;
    return at;
  }

  std::string_view view_;  ///< of the original, while nothing is changed
  aligned_text changed_;
  std::size_t base_ = 0;
  bool is_changed_ = false;
  std::vector<text_range> words_;
};

inline bool split_text::split_at(const text_pattern& pattern, split_behavior behavior, bool is_inverted) {
  return split_words([&](std::string_view text, std::size_t at, const auto& emit) {
    constexpr std::size_t none = ~std::size_t{0};
    std::size_t begin = none, end = 0;  // of a word that may still grow
    bool was_match = false;
    const auto finish = [&] {
      if (begin != none) emit(at + begin, at + end);
      begin = none;
    };
    const bool is_done = pattern.for_each_part(text, [&](std::size_t from, std::size_t to, bool is_match) {
      is_match = is_match != is_inverted;
      bool joins = false;
      switch (behavior) {
        case split_behavior::isolated: break;
        case split_behavior::removed:
          if (is_match) return;
          break;
        case split_behavior::contiguous: joins = is_match == was_match; break;
        case split_behavior::merged_with_previous: joins = is_match && !was_match; break;
        case split_behavior::merged_with_next: joins = !is_match && was_match; break;
      }
      was_match = is_match;
      if (joins && begin != none) {
        end = to;
        return;
      }
      finish();
      begin = from, end = to;
    });
    finish();
    return is_done;
  });
}

}  // namespace typeformer
