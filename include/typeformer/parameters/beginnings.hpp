// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include <typeformer/contract/leaf_names.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer::detail {

/// Whether a rule is for all leaves whose names begin in this way.
constexpr bool is_for_beginnings(const file_tensor_rule& rule) {
  return rule.leaf_count() > 0 && std::string_view(rule.leaves[0]).ends_with('.');
}

/// The number of characters by which another rule names the leaf: all of them, those of a beginning, or 0.
constexpr std::size_t named_by(const file_tensor_rule& rule, std::string_view leaf) {
  std::size_t most = 0;
  for (int p = 0; p < rule.leaf_count(); ++p) {
    const std::string_view pattern = rule.leaves[std::size_t(p)];
    const bool names = is_for_beginnings(rule) ? leaf.starts_with(pattern) : may_be_the_same(pattern, leaf);
    if (names) most = (std::max)(most, is_for_beginnings(rule) ? pattern.size() : leaf.size());
  }
  return most;
}

/// A rule, and a leaf that it names by the beginning; -1: the rule is for a name.
struct named_rule {
  int rule = 0, leaf = -1;
};
template <std::size_t Capacity> struct named_rules {
  std::array<named_rule, Capacity> list{};
  std::size_t count = 0;
};

/// Whether a rule for beginnings names a leaf, and no other rule names it by more characters.
constexpr bool names_by_beginning(const file_names& files, int rule, std::string_view leaf) {
  const std::string_view beginning = files.rules[rule].leaves[0];
  if (!leaf.starts_with(beginning)) return false;
  for (int other = 0; other < files.rule_count; ++other)
    if (other != rule && named_by(files.rules[other], leaf) > beginning.size()) return false;
  return true;
}

template <class M> constexpr bool has_rules_for_beginnings() {
  for (int r = 0; r < M::huggingface.rule_count; ++r)
    if (is_for_beginnings(M::huggingface.rules[r])) return true;
  return false;
}

/// The rules of `M`, those for beginnings once for each leaf. Without a leaf they stand alone, unless they are optional.
template <class M>
inline constexpr auto named_rules_of = [] {
  constexpr int leaves = parameter_plan<M>::value.leaf_count, rules = M::huggingface.rule_count;
  named_rules<std::size_t(4 * leaves + rules)> found;
  for (int r = 0; r < rules; ++r) {
    const bool is_for_many = is_for_beginnings(M::huggingface.rules[r]);
    const std::size_t before = found.count;
    for (int l = 0; l < leaves && is_for_many; ++l)
      if (names_by_beginning(M::huggingface, r, leaf_names<M>[l])) found.list[found.count++] = {r, l};
    if (!is_for_many || (found.count == before && !M::huggingface.rules[r].optional))
      found.list[found.count++] = {r, -1};
  }
  return found;
}();

/// Calls f(rule, rest) for each of them, with the rest of the leaf's name.
template <class M, class F> constexpr void for_each_named_rule(F&& f) {
  for (std::size_t i = 0; i < named_rules_of<M>.count; ++i) {
    const auto [r, leaf] = named_rules_of<M>.list[i];
    const file_tensor_rule& rule = M::huggingface.rules[r];
    f(rule, leaf < 0 ? std::string_view{} : leaf_names<M>[leaf].substr(std::string_view(rule.leaves[0]).size()));
  }
}

/// Calls put(beginning, rest) for all names that the rules of `M` for beginnings stand for, in files and of leaves.
template <class M, class Put> constexpr void for_each_new_name(Put&& put) {
  for_each_named_rule<M>([&](const file_tensor_rule& rule, std::string_view rest) {
    if (rest.empty()) return;
    if (rule.file) put(std::string_view(rule.file), rest);
    for (int p = 0; p < rule.leaf_count(); ++p) put(std::string_view(rule.leaves[std::size_t(p)]), rest);
  });
}

/// These names, each with a null character after it.
template <class M>
inline constexpr auto names_with_beginnings = [] {
  constexpr std::size_t size = [] {
    std::size_t n = 1;
    for_each_new_name<M>(
        [&](std::string_view beginning, std::string_view rest) { n += beginning.size() + rest.size() + 1; });
    return n;
  }();
  std::array<char, size> text{};
  std::size_t n = 0;
  for_each_new_name<M>([&](std::string_view beginning, std::string_view rest) {
    for (const char c : beginning) text[n++] = c;
    for (const char c : rest) text[n++] = c;
    ++n;
  });
  return text;
}();

/// The rules of `M`, with those for beginnings replaced by rules for names.
template <class M>
inline constexpr auto rules_for_names = [] {
  constexpr std::size_t count = [] {
    std::size_t n = 0;
    for_each_named_rule<M>([&](const file_tensor_rule&, std::string_view) { ++n; });
    return n;
  }();
  std::array<file_tensor_rule, count> rules{};
  std::size_t r = 0;
  const char* text = names_with_beginnings<M>.data();
  for_each_named_rule<M>([&](file_tensor_rule rule, std::string_view rest) {
    const auto next = [&](const char*& name) {
      const std::size_t size = std::string_view(name).size() + rest.size() + 1;
      name = text;
      text += size;
    };
    if (!rest.empty()) {
      if (rule.file) next(rule.file);
      for (int p = 0, leaves = rule.leaf_count(); p < leaves; ++p) next(rule.leaves[std::size_t(p)]);
    }
    rules[r++] = rule;
  });
  return rules;
}();

}  // namespace typeformer::detail
