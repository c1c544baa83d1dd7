// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <typeformer/text/utf8.hpp>

namespace typeformer::detail {

/// Moves the escape at the beginning of `rest`, a backslash and what follows, to the end of a text, as the character
/// that Python takes it for. Returns a problem; empty if there is none.
inline std::string append_escaped_character(std::string_view& rest, std::string& text) {
  constexpr std::string_view simple = "n\nt\tr\r\\\\''\"\"a\ab\bf\fv\v";
  const char kind = rest.size() > 1 ? rest[1] : '\0';
  for (std::size_t i = 0; i < simple.size(); i += 2)
    if (simple[i] == kind) return text += simple[i + 1], rest.remove_prefix(2), std::string{};
  const std::size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
  if (digits == 0) return "the escape \"\\" + std::string(1, kind) + "\" is not supported";
  std::uint64_t code = rest.size() < 2 + digits ? 0x11'0000 : 0;
  for (const char c : rest.substr(2, digits)) {
    const std::size_t digit = std::string_view("0123456789abcdefABCDEF").find(c);
    code = digit == std::string_view::npos ? 0x11'0000 : code * 16 + (digit < 16 ? digit : digit - 6);
  }
  if (code > 0x10'FFFF || (code >= 0xD800 && code < 0xE000)) return "an escape is no character";
  append_utf8(text, static_cast<char32_t>(code));
  rest.remove_prefix(2 + digits);
  return {};
}

}  // namespace typeformer::detail
