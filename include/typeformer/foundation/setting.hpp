// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstdint>
#include <limits>
#include <optional>

#include <typeformer/foundation/is_finite.hpp>

namespace typeformer {

/// The range of a setting: from `least` to `most`, with or without `most` itself. It contains no number that is not
/// finite.
struct setting_range {
  double least = 0, most = 0;
  bool includes_most = true;

  constexpr bool holds(double value) const {
    return is_finite(value) && value >= least && (includes_most ? value <= most : value < most);
  }
};

/// The range of a setting that is a whole number, with both ends.
struct whole_range {
  std::int64_t least = 0, most = 0;

  constexpr bool holds(std::int64_t value) const { return value >= least && value <= most; }
};

/// A number that a user chose, with its name and its range. Whole numbers are compared exactly.
struct setting {
  const char* name = "";
  bool is_whole = false;
  double value = 0;
  setting_range range{};
  std::int64_t whole_value = 0;
  whole_range range_of_whole{};

  constexpr setting() = default;
  constexpr setting(const char* called, double chosen, setting_range from) : name{called}, value{chosen}, range{from} {}
  constexpr setting(const char* called, std::int64_t chosen, whole_range from)
      : name{called}, is_whole{true}, whole_value{chosen}, range_of_whole{from} {}

  constexpr bool in_range() const { return is_whole ? range_of_whole.holds(whole_value) : range.holds(value); }
};

/// Settings of training are converted to single precision. Larger numbers would overflow and smaller ones would become
/// 0.
inline constexpr double largest_setting = 3e38, smallest_setting = 1.2e-38;

/// The range of a decay rate: the fraction of an average that is kept.
inline constexpr setting_range from_zero_to_below_one{0, 1, false};
inline constexpr setting_range from_zero_to_one{0, 1};
inline constexpr setting_range not_negative{0, largest_setting};
/// The range of a divisor.
inline constexpr setting_range above_zero{smallest_setting, largest_setting};
/// The ranges of counts.
inline constexpr whole_range any_count{0, (std::numeric_limits<std::int64_t>::max)()};
inline constexpr whole_range at_least_one{1, (std::numeric_limits<std::int64_t>::max)()};

/// A type with settings: `settings()` gives an array of `setting`.
template <class T>
concept HasSettings = requires(const T value) { value.settings().size(); };

/// The first setting of a value that is out of its range, if there is one.
template <HasSettings T> constexpr std::optional<setting> wrong_setting(const T& value) {
  for (const setting& one : value.settings())
    if (!one.in_range()) return one;
  return {};
}

}  // namespace typeformer
