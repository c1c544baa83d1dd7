// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/forward_walk.hpp>
#include <typeformer/contract/mismatches.hpp>
#include <typeformer/memory/planned.hpp>

namespace typeformer {

/// The plan that every reader of parameters shares: their names, extents and offsets do not depend on the use.
template <class M> using parameter_plan = planned<forward_walk<M>, walk_use<purpose::evaluate, capacities{1, 1, 0}>>;

/// Calls `put(character)` for the path and name of a leaf, `*` standing for a block's number.
template <class Put> constexpr void spell(const leaf& l, Put put) {
  for (int i = 0; i < l.path_length; ++i) {
    const path_part& part = l.path[std::size_t(i)];
    if (part.is_word())
      for (const char* c = part.word; *c; ++c) put(*c);
    else if (part.number < 0) put('*');
    else
      for (int power = 1000; power > 0; power /= 10)
        if (part.number >= power || power == 1) put(char('0' + part.number / power % 10));
    put('.');
  }
  for (const char* c = l.name; *c; ++c) put(*c);
}

namespace detail {

constexpr bool same_word(const char* a, const char* b) {
  return __builtin_strcmp(a, b) == 0;  // built in: one step of constant evaluation
}

constexpr bool same_name(const leaf& a, const leaf& b) {
  if (a.path_length != b.path_length || !same_word(a.name, b.name)) return false;
  const path_part *x = a.path.data(), *y = b.path.data();
  for (int i = a.path_length; i-- > 0;)
    if (x[i].number != y[i].number || !same_word(x[i].word, y[i].word)) return false;
  return true;
}

/// A leaf whose name another one has already, or -1.
template <class M> constexpr int repeated_name() {
  const leaf* const leaves = parameter_plan<M>::value.leaves.data();
  for (int i = 1; i < parameter_plan<M>::value.leaf_count; ++i)
    for (int j = 0; j < i; ++j)
      if (same_name(leaves[i], leaves[j])) return i;
  return -1;
}

template <class M, int Leaf> constexpr auto name_of_leaf() {
  constexpr std::size_t size = [] {
    std::size_t n = 0;
    spell(parameter_plan<M>::value.leaves[Leaf], [&](char) { ++n; });
    return n;
  }();
  fixed_string<size> name;
  std::size_t n = 0;
  spell(parameter_plan<M>::value.leaves[Leaf], [&](char c) { name.characters[n++] = c; });
  return name;
}

template <class M> constexpr auto checked_names() {
  if constexpr (constexpr int leaf = repeated_name<M>(); leaf >= 0)
    return error::two_parameters_have_the_same_name<name_of_leaf<M, leaf>()>{};
  else return nothing{};
}

}  // namespace detail

/// Nothing, or the mismatch that names the parameter which the model has twice. A file could hold only one of them.
template <class M> using checked_names = decltype(detail::checked_names<M>());

}  // namespace typeformer
