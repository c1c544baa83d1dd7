// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <typeformer/contract/leaf_names.hpp>
#include <typeformer/memory/plan.hpp>

namespace typeformer::detail {

/// A leaf that a rule names: in which blocks (-1: all), which rows of it.
struct rule_match {
  int rule, leaf;
  std::array<index_type, maximum_loop_depth> block;
  index_type first, rows;
};

/// What the leaves of one rule have in common: they are parts of the same tensors.
struct rule_leaves {
  index_type tensors = 0, columns = 0;
  std::uint64_t numbers = 0;
  bool is_vector = false;
  constexpr bool operator==(const rule_leaves&) const = default;
};

/// Reads `pattern` as the name of a leaf; in both `*` may stand for numbers.
constexpr bool matches_leaf(std::string_view pattern, std::string_view name, const leaf& of, rule_match& match,
                            rule_leaves& found) {
  std::size_t p = 0, n = 0, loop = 0;
  const auto number_at = [](std::string_view text, std::size_t& at) {
    index_type value = 0;
    for (std::size_t digits = digits_at(text, at); digits > 0; --digits) value = 10 * value + (text[at++] - '0');
    return value;
  };
  while (p < pattern.size() && n < name.size()) {
    if (name[n] == '*' && pattern[p] == '*') {
      const index_type count = of.count[loop++];
      found.tensors *= count;
      found.numbers = found.numbers * 1000003 + std::uint64_t(count) + 100000;
      ++p, ++n;
    } else if (name[n] == '*' && digits_at(pattern, p) > 0) {
      match.block[loop] = number_at(pattern, p);
      if (match.block[loop] >= of.count[loop]) return false;
      ++loop, ++n;
    } else if (pattern[p] == '*' && digits_at(name, n) > 0) {
      found.numbers = found.numbers * 1000003 + std::uint64_t(number_at(name, n));
      ++p;
    } else if (pattern[p++] != name[n++]) {
      return false;
    }
  }
  return p == pattern.size() && n == name.size();
}

}  // namespace typeformer::detail
