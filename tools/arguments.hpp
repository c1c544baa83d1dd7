// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include <CLI/CLI.hpp>

/// The values that the programs' options accept.
namespace arguments {

namespace detail {
/// The number that a whole text is; false if it is not a number, or too large.
template <class Number> bool read(const std::string& text, Number& number) {
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return problem == std::errc{} && end == text.data() + text.size();
}
}  // namespace detail

inline CLI::Validator whole_number(std::uint64_t least, std::uint64_t most) {
  const std::string range = std::to_string(least) + " to " + std::to_string(most);
  return {[=](std::string& text) {
            std::uint64_t number = 0;
            if (detail::read(text, number) && number >= least && number <= most) return std::string{};
            return "expected a whole number from " + range + ", found " + text;
          },
          range, "whole number"};
}

/// As many steps as a checkpoint can count.
inline CLI::Validator steps() { return whole_number(1, std::uint64_t{1} << 40); }
inline CLI::Validator seed() { return whole_number(0, std::numeric_limits<std::uint64_t>::max()); }

inline CLI::Validator number_above_0() {
  return {[](std::string& text) {
            double number = 0;
            if (detail::read(text, number) && number > 0 && std::isfinite(number)) return std::string{};
            return "expected a number above 0, found " + text;
          },
          "above 0", "number above 0"};
}

/// The exit code of a program whose training was ended by Ctrl-C or SIGTERM: that of a shell after Ctrl-C.
inline constexpr int interrupted = 130;

}  // namespace arguments
