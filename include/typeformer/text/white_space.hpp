// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <string_view>

#include <typeformer/text/utf8.hpp>

namespace typeformer {

/// Whether a code point has Unicode's property White_Space (PropList.txt; the set has not changed since Unicode 6.3).
constexpr bool is_white_space(char32_t c) {
  if (c <= 0x20) return c == 0x20 || (c >= 0x09 && c <= 0x0D);
  return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
         c == 0x202F || c == 0x205F || c == 0x3000;
}

/// The number of bytes of the white space that ends before `position`; 0 if there is none.
constexpr std::size_t white_space_before(std::string_view text, std::size_t position) {
  constexpr std::size_t most_bytes = 3;
  for (std::size_t size = 1; size <= most_bytes && size <= position; ++size) {
    const utf8_step step = utf8_at(text.substr(0, position), position - size);
    if (step.size == size) return is_white_space(step.code_point) ? size : 0;
  }
  return 0;
}

constexpr std::string_view without_outer_white_space(std::string_view text) {
  while (!text.empty()) {
    const utf8_step step = utf8_at(text, 0);
    if (step.size == 0 || !is_white_space(step.code_point)) break;
    text.remove_prefix(step.size);
  }
  while (const std::size_t size = white_space_before(text, text.size())) text.remove_suffix(size);
  return text;
}

/// Calls `visit(word)` for the words of a text in order. Words are separated by white space. Bytes that are not UTF-8
/// belong to words.
template <class Visit> constexpr void for_each_word(std::string_view text, Visit&& visit) {
  std::size_t begin = 0, position = 0;
  while (position < text.size()) {
    const utf8_step step = utf8_at(text, position);
    const std::size_t next = position + (step.size == 0 ? 1 : step.size);
    if (step.size != 0 && is_white_space(step.code_point)) {
      if (begin < position) visit(text.substr(begin, position - begin));
      begin = next;
    }
    position = next;
  }
  if (begin < position) visit(text.substr(begin));
}

}  // namespace typeformer
