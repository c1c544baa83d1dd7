// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

// Texts are built out of line: inlined, they are most of the compile time of a program that opens files.
#define TYPEFORMER_RARE [[gnu::cold, gnu::noinline]]

namespace typeformer::detail {

/// The concatenation of texts. The operator of `std::string` is instantiated for each combination of operands.
TYPEFORMER_RARE inline std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text.append(part.data(), part.size());
  return text;
}

/// The sign, if it is negative, and the decimal digits of a number, as a text to concatenate.
class digits_of {
 public:
  template <std::integral Number> explicit digits_of(Number number) {
    put(number < 0 ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number), number < 0);
  }
  operator std::string_view() const { return {digits_ + first_, sizeof digits_ - first_}; }

 private:
  TYPEFORMER_RARE void put(std::uint64_t magnitude, bool is_negative) {
    do digits_[--first_] = static_cast<char>('0' + magnitude % 10);
    while ((magnitude /= 10) != 0);
    if (is_negative) digits_[--first_] = '-';
  }

  char digits_[20] = {};
  std::size_t first_ = sizeof digits_;
};

}  // namespace typeformer::detail
