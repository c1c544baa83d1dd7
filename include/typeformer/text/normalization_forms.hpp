// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <utf8proc.h>

#include <typeformer/text/aligned_text.hpp>
#include <typeformer/text/unicode.hpp>

namespace typeformer {

/// The normalization forms of Unicode Standard Annex 15.
enum class normalization_form { nfd, nfc, nfkd, nfkc };

namespace detail {

/// A character, and how many characters of the old text it replaces: 1 - change, or none if `change` is 1.
struct changed_character {
  char32_t character;
  std::ptrdiff_t change;
  std::uint8_t combining_class;
};

/// Sorts a run of combining characters by their class, in linear time.
inline void sort_combining(changed_character* begin, changed_character* end) {
  const auto by_class = [](const changed_character& a, const changed_character& b) {
    return a.combining_class < b.combining_class;
  };
  if (std::is_sorted(begin, end, by_class)) return;
  constexpr std::ptrdiff_t few = 32;
  if (end - begin <= few) {
    for (auto* at = begin + 1; at < end; ++at) std::rotate(std::upper_bound(begin, at, *at, by_class), at, at + 1);
    return;
  }
  std::array<std::size_t, 257> places{};
  for (auto* at = begin; at < end; ++at) ++places[std::size_t{at->combining_class} + 1];
  for (std::size_t i = 1; i < places.size(); ++i) places[i] += places[i - 1];
  const std::vector<changed_character> old(begin, end);
  for (const changed_character& each : old) begin[places[each.combining_class]++] = each;
}

inline std::vector<changed_character> decompose(std::string_view text, bool is_compatible) {
  std::vector<changed_character> characters;
  characters.reserve(text.size());
  std::size_t run = 0;  // where the current run of combining characters begins
  const auto sort_run = [&] {
    if (characters.size() - run > 1) sort_combining(characters.data() + run, characters.data() + characters.size());
  };
  const auto push = [&](char32_t c, std::ptrdiff_t change) {
    const std::uint8_t combining_class = combining_class_of(c);
    if (combining_class == 0) sort_run();
    characters.push_back({c, change, combining_class});
    if (combining_class == 0) run = characters.size();
  };
  const int options = UTF8PROC_DECOMPOSE | (is_compatible ? UTF8PROC_COMPAT : 0);
  visit_characters(text, [&](char32_t c, std::size_t, std::size_t) {
    if (c < 0xA0) return push(c, 0);
    std::array<utf8proc_int32_t, 32> parts{};  // the longest decomposition has 18
    const auto count = utf8proc_decompose_char(static_cast<utf8proc_int32_t>(c), parts.data(),
                                               static_cast<utf8proc_ssize_t>(parts.size()),
                                               static_cast<utf8proc_option_t>(options), nullptr);
    if (count <= 0 || static_cast<std::size_t>(count) > parts.size()) return push(c, 0);
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) push(static_cast<char32_t>(parts[i]), i > 0);
  });
  sort_run();
  return characters;
}

inline std::optional<char32_t> composed(char32_t first, char32_t second) {
  constexpr char32_t least_second = 0x300;
  if (second < least_second) return {};
  utf8proc_int32_t pair[2] = {static_cast<utf8proc_int32_t>(first), static_cast<utf8proc_int32_t>(second)};
  const auto options = static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_STABLE);
  if (utf8proc_normalize_utf32(pair, 2, options) != 1) return {};
  return static_cast<char32_t>(pair[0]);
}

/// Canonical composition of decomposed characters, in place.
inline void compose(std::vector<changed_character>& characters) {
  std::size_t size = 0, starter = characters.size();
  int last_class = -1;  // of what stands between the starter and the current character
  for (std::size_t i = 0; i < characters.size(); ++i) {
    const changed_character next = characters[i];
    if (starter < size && last_class < static_cast<int>(next.combining_class)) {
      if (const auto one = composed(characters[starter].character, next.character)) {
        characters[starter].character = *one;
        characters[starter].change += next.change - 1;
        continue;
      }
    }
    characters[size++] = next;
    if (next.combining_class == 0) starter = size - 1, last_class = -1;
    else if (starter < size) last_class = next.combining_class;
  }
  characters.resize(size);
}

}  // namespace detail

/// Brings a text to a normalization form.
inline void normalize_to(aligned_text& text, normalization_form form) {
  const bool is_ascii = std::ranges::all_of(text.text, [](char byte) { return static_cast<signed char>(byte) >= 0; });
  if (is_ascii) return;
  const bool is_compatible = form == normalization_form::nfkd || form == normalization_form::nfkc;
  auto characters = detail::decompose(text.text, is_compatible);
  if (form == normalization_form::nfc || form == normalization_form::nfkc) detail::compose(characters);
  text_rewriter rewriter{text};
  for (const auto& each : characters) rewriter.put(each.character, each.change);
  rewriter.finish();
}

}  // namespace typeformer
