// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>

namespace typeformer {

namespace detail {

template <class Number, class... How> std::string number_text(Number number, How... how) {
  char text[512];  // a double has up to 309 digits before the point
  const std::to_chars_result end = std::to_chars(text, text + sizeof text, number, how...);
  return end.ec == std::errc{} ? std::string(text, end.ptr) : std::string("?");
}

}  // namespace detail

// Numbers in files and messages have a decimal point and no separators, in every locale.

/// The shortest text from which the same bits are read.
template <class Number>
  requires std::is_arithmetic_v<Number>
std::string exact_text(Number number) {
  return detail::number_text(number);
}

/// Rounded to this number of digits after the point, at most 100: `12.50`.
inline std::string fixed_text(double number, int digits) {
  return detail::number_text(number, std::chars_format::fixed, digits);
}

/// Rounded to this number of significant digits, at most 100, without trailing zeros: `12.5`, `1e-07`.
inline std::string rounded_text(double number, int digits) {
  return detail::number_text(number, std::chars_format::general, digits);
}

/// The number that a whole text spells, if it is one and in range.
template <class Number>
  requires std::is_arithmetic_v<Number>
std::optional<Number> number_in(std::string_view text) {
  Number number{};
  const std::from_chars_result end = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end.ec != std::errc{} || end.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace typeformer
