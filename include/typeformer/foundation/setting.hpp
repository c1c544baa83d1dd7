// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
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

/// A number that a user chose, with its name and its range.
struct setting {
  const char* name;
  double value;
  setting_range range;

  constexpr bool in_range() const { return range.holds(value); }
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
