// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include <typeformer/text/joined.hpp>
#include <typeformer/text/utf8.hpp>

namespace typeformer {

namespace detail {

/// Whether a character ends a line, moves a terminal's cursor or changes the direction of the following text.
constexpr bool disturbs_a_line(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x061C || c == 0x200E || c == 0x200F ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

[[gnu::cold]] inline void append_escaped(std::string& text, char kind, char32_t number, int digits) {
  text += '\\';
  text += kind;
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) text += "0123456789abcdef"[(number >> shift) & 15u];
}

[[gnu::cold]] inline std::string escaped(std::string_view text, bool is_quoted, std::size_t most) {
  std::string shown;
  for (std::size_t position = 0; position < text.size();) {
    if (shown.size() >= most) {
      shown += "...";
      break;
    }
    const utf8_step step = utf8_at(text, position);
    const char first = text[position];
    if (step.size == 0) append_escaped(shown, 'x', static_cast<unsigned char>(first), 2);
    else if (first == '\n') shown += "\\n";
    else if (first == '\r') shown += "\\r";
    else if (first == '\t') shown += "\\t";
    else if (disturbs_a_line(step.code_point)) append_escaped(shown, 'u', step.code_point, 4);
    else if (is_quoted && (first == '"' || first == '\\')) (shown += '\\') += first;
    else shown += text.substr(position, step.size);
    position += step.size == 0 ? 1 : step.size;
  }
  return shown;
}

}  // namespace detail

/// The most bytes of a text that a message shows. A longer text ends in `...`.
inline constexpr std::size_t longest_shown_text = 1000;

/// A text in the form in which a message can show it: on one line, in UTF-8. Control characters, line separators and
/// marks that change the direction of writing become `\n`, `\u001b`. Bytes that are not UTF-8 become `\xff`.
[[gnu::cold]] inline std::string printable(std::string_view text, std::size_t most = longest_shown_text) {
  return detail::escaped(text, false, most);
}

/// The same for a name, in quotation marks. Quotation marks and backslashes in it are escaped too.
[[gnu::cold]] inline std::string quoted_name(std::string_view name) {
  return detail::joined({"\"", detail::escaped(name, true, longest_shown_text), "\""});
}

}  // namespace typeformer
