// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <typeformer/hosted/grammars/grammar.hpp>

namespace typeformer {

/// The largest magnitude of a number in a grammar. Such integers, and their neighbors, are exact in a `double`.
inline constexpr std::int64_t largest_decimal = 999'999'999'999'999;

namespace detail {

inline grammar digits(std::size_t least, std::size_t most) {
  return grammar::repeat(grammar::one_of({{'0', '9'}}), static_cast<std::uint32_t>(least),
                         static_cast<std::uint32_t>(most));
}

/// The texts of one length from `low` to `high`.
inline grammar digits_between(const std::string& low, const std::string& high) {
  const std::size_t rest = low.size() - 1;
  if (low == std::string(low.size(), '0') && high == std::string(low.size(), '9'))
    return digits(low.size(), low.size());
  const auto first = [](char from, char to) {
    return grammar::one_of({{static_cast<char32_t>(from), static_cast<char32_t>(to)}});
  };
  if (rest == 0) return first(low[0], high[0]);
  if (low[0] == high[0])
    return grammar::sequence({first(low[0], low[0]), digits_between(low.substr(1), high.substr(1))});
  std::vector<grammar> parts{
      grammar::sequence({first(low[0], low[0]), digits_between(low.substr(1), std::string(rest, '9'))}),
      grammar::sequence({first(high[0], high[0]), digits_between(std::string(rest, '0'), high.substr(1))})};
  if (low[0] + 1 < high[0])
    parts.push_back(
        grammar::sequence({first(static_cast<char>(low[0] + 1), static_cast<char>(high[0] - 1)), digits(rest, rest)}));
  return grammar::choice(std::move(parts));
}

/// The decimal digits of integers from `low` >= 0 to `high`; no text if there is none.
inline grammar magnitudes(std::int64_t low, std::int64_t high) {
  std::vector<grammar> parts;
  for (std::int64_t least = 0, power = 10; low <= high && least <= high; least = power, power *= 10)
    if (low < power)
      parts.push_back(
          digits_between(std::to_string((std::max)(low, least)), std::to_string((std::min)(high, power - 1))));
  return grammar::choice(std::move(parts));
}

/// Decimal fractions between two magnitudes, whose bounds may be excluded.
inline grammar fractions(std::int64_t low, bool excludes_low, std::int64_t high, bool excludes_high) {
  constexpr std::size_t most = 15;
  const auto with_point = [](grammar after) { return grammar::sequence({grammar::text("."), std::move(after)}); };
  const grammar fraction = with_point(digits(1, most)),
                fraction_above_0 = with_point(grammar::sequence({digits(0, most - 1), grammar::one_of({{'1', '9'}})}));
  std::vector<grammar> parts{
      grammar::sequence({magnitudes(low + (excludes_low ? 1 : 0), high - 1), grammar::optional(fraction)})};
  if (excludes_low && low < high) parts.push_back(grammar::sequence({magnitudes(low, low), fraction_above_0}));
  if (low < high ? !excludes_high : low == high && !excludes_low && !excludes_high)
    parts.push_back(magnitudes(high, high));
  return grammar::choice(std::move(parts));
}

}  // namespace detail

/// The integers from `low` to `high` in decimal notation, without leading zeros and `-0`. Bounds beyond
/// `largest_decimal` are that.
inline grammar integers_between(std::int64_t low, std::int64_t high) {
  low = (std::max)(low, -largest_decimal), high = (std::min)(high, largest_decimal);
  return grammar::choice(
      {detail::magnitudes((std::max)(low, std::int64_t{0}), high),
       grammar::sequence({grammar::text("-"), detail::magnitudes((std::max)(-high, std::int64_t{1}), -low)})});
}

/// The numbers between two integers in decimal notation, with up to 15 digits after the point and without an exponent.
inline grammar decimals_between(std::int64_t low, bool excludes_low, std::int64_t high, bool excludes_high) {
  if (low < -largest_decimal) low = -largest_decimal, excludes_low = false;
  if (high > largest_decimal) high = largest_decimal, excludes_high = false;
  std::vector<grammar> parts;
  if (high >= 0) {
    const bool from_0 = low < 0;
    parts.push_back(detail::fractions(from_0 ? 0 : low, !from_0 && excludes_low, high, excludes_high));
  }
  if (low < 0) {  // from the other side, and without zero
    const bool to_0 = high >= 0;
    parts.push_back(grammar::sequence(
        {grammar::text("-"), detail::fractions(to_0 ? 0 : -high, to_0 || excludes_high, -low, excludes_low)}));
  }
  return grammar::choice(std::move(parts));
}

}  // namespace typeformer
