// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <typeformer/contract/walk_faults.hpp>

namespace typeformer {

/// The plan that all readers of parameters share.
template <class M> using parameter_plan = planned<forward_walk<M>, parameter_use>;

namespace detail {

/// A hash that is equal for texts that differ only in numbers. `*` and `#` count as numbers.
constexpr std::uint32_t hash_without_numbers(std::string_view text) {
  std::uint32_t hash = 2166136261u;
  bool in_number = false;
  for (const char c : text) {
    const bool is_number = (c >= '0' && c <= '9') || c == '*' || c == '#';
    if (!is_number || !in_number) hash = (hash ^ std::uint32_t(is_number ? '*' : c)) * 16777619u;
    in_number = is_number;
  }
  return hash;
}

constexpr bool stands_for_a_number(char c) { return c == '*' || c == '#'; }
constexpr std::size_t digits_at(std::string_view text, std::size_t at) {
  std::size_t n = at;
  while (n < text.size() && text[n] >= '0' && text[n] <= '9') ++n;
  return n - at;
}

constexpr index_type number_at(std::string_view text, std::size_t at) {
  index_type number = 0;
  for (std::size_t digits = digits_at(text, at); digits > 0; --digits) number = 10 * number + (text[at++] - '0');
  return number;
}

/// Whether two names can be equal once `*` and `#` are replaced by numbers, `*` by those from `first_block` on.
constexpr bool may_be_the_same(std::string_view a, std::string_view b, index_type first_block = 0) {
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (a[i] == b[j] || (stands_for_a_number(a[i]) && stands_for_a_number(b[j]))) {
      ++i, ++j;
    } else if (stands_for_a_number(a[i]) && digits_at(b, j) > 0) {
      if (a[i] == '*' && number_at(b, j) < first_block) return false;
      j += digits_at(b, j), ++i;
    } else if (stands_for_a_number(b[j]) && digits_at(a, i) > 0) {
      if (b[j] == '*' && number_at(a, i) < first_block) return false;
      i += digits_at(a, i), ++j;
    } else {
      return false;
    }
  }
  return i == a.size() && j == b.size();
}

/// The names of all leaves, concatenated, with `*` for a block's number.
template <int Leaves, std::size_t Characters> struct spelled_names {
  std::array<char, Characters> text{};
  std::array<std::size_t, std::size_t(Leaves) + 1> first{};
  std::array<std::uint32_t, std::size_t(Leaves)> hash{};

  constexpr std::string_view operator[](int leaf) const {
    const std::size_t at = first[std::size_t(leaf)];
    return {text.data() + at, first[std::size_t(leaf) + 1] - at};
  }
};

template <class M>
inline constexpr auto leaf_names = [] {
  using plan = parameter_plan<M>;
  constexpr std::size_t size = [] {
    std::size_t n = 0;
    for (int i = 0; i < plan::value.leaf_count; ++i) spell(plan::value.leaves[std::size_t(i)], [&](char) { ++n; });
    return n;
  }();
  spelled_names<plan::value.leaf_count, size> names;
  std::size_t n = 0;
  for (int i = 0; i < plan::value.leaf_count; ++i) {
    spell(plan::value.leaves[std::size_t(i)], [&](char c) { names.text[n++] = c; });
    names.first[std::size_t(i) + 1] = n;
    names.hash[std::size_t(i)] = hash_without_numbers(names[i]);
  }
  return names;
}();

}  // namespace detail

}  // namespace typeformer
