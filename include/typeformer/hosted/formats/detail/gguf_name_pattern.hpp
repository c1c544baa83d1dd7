// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <typeformer/hosted/files/file_error.hpp>

/// Patterns of tensors' names, in which `*` is the number of a block and `#`, the last character, that of a row.
namespace typeformer::detail {

/// The texts for `*` and `#` in a pattern.
struct numbers_in_name {
  std::string_view block, row;
};

/// The text between `beginning` and `ending`, if it is a number.
TYPEFORMER_RARE inline std::optional<std::string_view> number_between(std::string_view beginning,
                                                                      std::string_view ending, std::string_view name) {
  if (name.size() <= beginning.size() + ending.size() || !name.starts_with(beginning) || !name.ends_with(ending))
    return std::nullopt;
  name.remove_prefix(beginning.size());
  name.remove_suffix(ending.size());
  constexpr std::size_t most_digits = 9;
  if (name.size() > most_digits || name.find_first_not_of("0123456789") != name.npos) return std::nullopt;
  return name;
}

/// The numbers in `name` if it follows the pattern, whose `#` is its last character.
TYPEFORMER_RARE inline std::optional<numbers_in_name> match_numbers(std::string_view pattern, std::string_view name) {
  numbers_in_name found;
  if (pattern.ends_with('#')) {
    pattern.remove_suffix(1);
    const std::size_t end = name.find_last_not_of("0123456789") + 1;
    const auto row = number_between({}, {}, name.substr(end));
    if (!row) return std::nullopt;
    found.row = *row;
    name.remove_suffix(found.row.size());
  }
  const std::size_t star = pattern.find('*');
  if (star == pattern.npos) return pattern == name ? std::optional(found) : std::nullopt;
  const auto block = number_between(pattern.substr(0, star), pattern.substr(star + 1), name);
  if (!block) return std::nullopt;
  found.block = *block;
  return found;
}

TYPEFORMER_RARE inline std::string name_with_number(std::string_view pattern, std::string_view number) {
  const std::size_t star = pattern.find('*');
  if (star == pattern.npos) return std::string(pattern);
  return joined({pattern.substr(0, star), number, pattern.substr(star + 1)});
}

}  // namespace typeformer::detail
