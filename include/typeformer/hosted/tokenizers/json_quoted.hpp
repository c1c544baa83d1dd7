// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include <typeformer/text/unicode.hpp>
#include <typeformer/text/utf8.hpp>

namespace typeformer {

/// A text as a JSON string. Bytes that are not UTF-8 become U+FFFD.
inline std::string json_quoted(std::string_view text) {
  std::string quoted = "\"";
  visit_characters(text, [&](char32_t c, std::size_t, std::size_t) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (c == '\n') quoted += "\\n";
    else if (c == '\r') quoted += "\\r";
    else if (c == '\t') quoted += "\\t";
    else if (c < 0x20 || c == 0x7F) {
      constexpr std::string_view digits = "0123456789abcdef";
      (((quoted += "\\u00") += digits[c >> 4]) += digits[c & 15]);
    } else append_utf8(quoted, c);
  });
  return quoted += '"';
}

}  // namespace typeformer
