// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <string_view>

namespace typeformer {

/// Text of `Size` characters that can be a template argument: `template <fixed_string Name>`.
///
/// All members are public because a template argument must be of structural type. Embedded zeros count as characters.
template <std::size_t Size> struct fixed_string {
  char characters[Size + 1]{};

  constexpr fixed_string() = default;
  constexpr fixed_string(const char (&literal)[Size + 1]) {
    for (std::size_t i = 0; i < Size; ++i) characters[i] = literal[i];
  }

  static constexpr std::size_t size() { return Size; }
  constexpr std::string_view view() const { return {characters, Size}; }
  constexpr operator std::string_view() const { return view(); }
};
template <std::size_t Extent> fixed_string(const char (&)[Extent]) -> fixed_string<Extent - 1>;

template <std::size_t Left, std::size_t Right>
constexpr bool operator==(const fixed_string<Left>& left, const fixed_string<Right>& right) {
  return left.view() == right.view();
}

/// The characters of `left` followed by those of `right`.
template <std::size_t Left, std::size_t Right>
constexpr fixed_string<Left + Right> operator+(const fixed_string<Left>& left, const fixed_string<Right>& right) {
  fixed_string<Left + Right> joined;
  for (std::size_t i = 0; i < Left; ++i) joined.characters[i] = left.characters[i];
  for (std::size_t i = 0; i < Right; ++i) joined.characters[Left + i] = right.characters[i];
  return joined;
}

template <std::size_t Left, std::size_t Extent>
constexpr auto operator+(const fixed_string<Left>& left, const char (&right)[Extent]) {
  return left + fixed_string(right);
}

template <std::size_t Extent, std::size_t Right>
constexpr auto operator+(const char (&left)[Extent], const fixed_string<Right>& right) {
  return fixed_string(left) + right;
}

}  // namespace typeformer
