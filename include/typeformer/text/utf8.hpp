// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace typeformer {

/// One step through UTF-8: a code point and its number of bytes, or 0 bytes if the text is not UTF-8.
struct utf8_step {
  char32_t code_point = 0;
  std::size_t size = 0;
};

/// The code point at `position` (RFC 3629, §4: no overlong forms, no surrogates, at most U+10FFFF).
/// Precondition: position < text.size().
constexpr utf8_step utf8_at(std::string_view text, std::size_t position) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[position + i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return {static_cast<char32_t>(first), 1};
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() - position < size) return {};
  char32_t code_point = first & (0x7Fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0u) != 0x80u) return {};
    code_point = (code_point << 6) | (byte(i) & 0x3Fu);
  }
  constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x1'0000};
  if (code_point < least[size] || code_point > 0x10'FFFF || (code_point >= 0xD800 && code_point < 0xE000)) return {};
  return {code_point, size};
}

/// The position at which a text stops being UTF-8, or its size.
constexpr std::size_t utf8_error(std::string_view text) {
  std::size_t position = 0;
  while (position < text.size()) {
    const utf8_step step = utf8_at(text, position);
    if (step.size == 0) break;
    position += step.size;
  }
  return position;
}

/// Encodes a code point. Precondition: at most U+10FFFF and no surrogate.
constexpr void append_utf8(std::string& text, char32_t code_point) {
  if (code_point < 0x80) {
    text += static_cast<char>(code_point);
    return;
  }
  const int continuations = code_point < 0x800 ? 1 : code_point < 0x1'0000 ? 2 : 3;
  constexpr unsigned leads[] = {0, 0xC0, 0xE0, 0xF0};
  text += static_cast<char>(leads[continuations] | (code_point >> (6 * continuations)));
  for (int i = continuations - 1; i >= 0; --i) text += static_cast<char>(0x80u | ((code_point >> (6 * i)) & 0x3Fu));
}

}  // namespace typeformer
