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

/// Calls f(rule, rest) for every rule for names. A rule for beginnings gives one for the rest of each name that no other
/// rule names by more characters. If there is no such name it is passed on, unless it is optional.
template <class Names, class F>
constexpr void for_each_named_rule(const file_names& given, const Names& names, int leaves, F&& f) {
  for (int r = 0; r < given.rule_count; ++r) {
    const file_tensor_rule& rule = given.rules[r];
    bool any = false;
    for (int l = 0; l < leaves && is_for_beginnings(rule); ++l) {
      const std::string_view beginning = rule.leaves[0], name = names[l];
      bool is_for_name = name.starts_with(beginning);
      for (int other = 0; other < given.rule_count; ++other)
        is_for_name = is_for_name && named_by(given.rules[other], name) <= beginning.size();
      if (is_for_name) f(rule, name.substr(beginning.size()));
      any = any || is_for_name;
    }
    if (!any && !(is_for_beginnings(rule) && rule.optional)) f(rule, std::string_view{});
  }
}

template <class M> constexpr bool has_rules_for_beginnings() {
  for (int r = 0; r < M::huggingface.rule_count; ++r)
    if (is_for_beginnings(M::huggingface.rules[r])) return true;
  return false;
}

/// Calls f(rule, rest) for the rules of `M`; see above.
template <class M, class F> constexpr void for_each_named_rule(F&& f) {
  for_each_named_rule(M::huggingface, leaf_names<M>, parameter_plan<M>::value.leaf_count, f);
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
