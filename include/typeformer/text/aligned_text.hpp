// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/text/unicode.hpp>
#include <typeformer/text/utf8.hpp>

namespace typeformer {

/// Bytes from `begin` up to `end` of a text.
struct text_range {
  std::size_t begin = 0, end = 0;
  friend bool operator==(const text_range&, const text_range&) = default;
};

/// A text that was changed, and for each of its bytes the range of the original text that it came from.
struct aligned_text {
  std::string text;
  std::vector<text_range> origins;  ///< one for each byte; none if they are not tracked
  std::size_t base = 0;             ///< where the text begins in the original
  bool is_tracked = false;

  aligned_text() = default;
  /// A part of the original that begins at `base`.
  aligned_text(std::string_view original, std::size_t base_, bool is_tracked_)
      : text{original}, base{base_}, is_tracked{is_tracked_} {
    if (!is_tracked) return;
    origins.reserve(text.size());
    visit_characters(text, [&](char32_t, std::size_t at, std::size_t size) {
      origins.insert(origins.end(), size, {base + at, base + at + size});
    });
  }
};

/// Rewrites an `aligned_text` character by character. What happens to the origins is Hugging Face's rule
/// (`NormalizedString::transform`), so that offsets agree with theirs.
class text_rewriter {
 public:
  explicit text_rewriter(aligned_text& text) : target_{text} {
    text_.reserve(target_.text.size());
    if (target_.is_tracked) origins_.reserve(target_.origins.size());
  }

  /// Drops the next character of the old text.
  void drop() {
    if (target_.is_tracked) at_ += next_size();
  }
  /// Writes a character in the place of the next one of the old text and of the `dropped` ones after it.
  void replace(char32_t c, std::size_t dropped = 0) {
    if (!target_.is_tracked) return append_utf8(text_, c);
    write(c, at_ < target_.origins.size() ? target_.origins[at_] : here());
    for (std::size_t i = 0; i <= dropped; ++i) at_ += next_size();
  }
  /// Writes a character that belongs to what was written last.
  void insert(char32_t c) {
    if (!target_.is_tracked) return append_utf8(text_, c);
    write(c, at_ == 0 ? here() : target_.origins[at_ - 1]);
  }
  /// Writes a character that replaces the next one, or none, and drops `-change` more if that is positive.
  void put(char32_t c, std::ptrdiff_t change) {
    if (change > 0) insert(c);
    else replace(c, static_cast<std::size_t>(-change));
  }
  /// Keeps the next `size` bytes of the old text.
  void keep(std::string_view part) {
    text_ += part;
    if (!target_.is_tracked) return;
    const auto from = target_.origins.begin() + static_cast<std::ptrdiff_t>(at_);
    origins_.insert(origins_.end(), from, from + static_cast<std::ptrdiff_t>(part.size()));
    at_ += part.size();
  }

  void finish() {
    target_.text = std::move(text_);
    target_.origins = std::move(origins_);
  }

 private:
  text_range here() const { return {target_.base, target_.base}; }
  std::size_t next_size() const { return at_ < target_.text.size() ? character_at(target_.text, at_).size : 0; }
  void write(char32_t c, text_range origin) {
    const std::size_t before = text_.size();
    append_utf8(text_, c);
    origins_.insert(origins_.end(), text_.size() - before, origin);
  }

  aligned_text& target_;
  std::string text_;
  std::vector<text_range> origins_;
  std::size_t at_ = 0;  ///< in the old text
};

/// Keeps the characters for which `is_kept` holds. The origins of dropped ones are lost.
template <class IsKept> void filter_characters(aligned_text& text, IsKept is_kept) {
  text_rewriter rewriter{text};
  const std::string old = text.text;
  std::size_t dropped = 0;
  bool any = false;
  char32_t last = 0;
  visit_characters(old, [&](char32_t c, std::size_t, std::size_t) {
    if (!is_kept(c)) return void(++dropped);
    if (any) rewriter.replace(last, dropped);
    else
      for (; dropped > 0; --dropped) rewriter.drop();
    any = true, last = c, dropped = 0;
  });
  if (any) rewriter.replace(last, dropped);
  rewriter.finish();
}

/// Replaces each character by another one.
template <class Map> void map_characters(aligned_text& text, Map map) {
  text_rewriter rewriter{text};
  visit_characters(text.text, [&](char32_t c, std::size_t, std::size_t) { rewriter.replace(map(c)); });
  rewriter.finish();
}

/// Puts characters before the first one, whose origin they share. An empty text stays empty.
inline void prepend_text(aligned_text& text, std::string_view prefix) {
  if (text.text.empty() || prefix.empty()) return;
  if (text.is_tracked) {
    const std::size_t first = character_at(text.text, 0).size;
    const text_range origin = text.origins[0], after = text.origins[first - 1];
    const std::size_t first_of_prefix = character_at(prefix, 0).size;
    for (std::size_t i = 0; i < first; ++i) text.origins[i] = after;
    text.origins.insert(text.origins.begin(), prefix.size(), after);
    for (std::size_t i = 0; i < first_of_prefix; ++i) text.origins[i] = origin;
  }
  text.text.insert(0, prefix);
}

}  // namespace typeformer
