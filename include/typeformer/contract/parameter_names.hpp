// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>

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
    if (part.word)
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

constexpr std::uint64_t hash_of_name(const leaf& l) {
  std::uint64_t h = 14695981039346656037u;  // FNV-1a
  spell(l, [&](char c) { h = (h ^ std::uint64_t(static_cast<unsigned char>(c))) * 1099511628211u; });
  return h;
}

/// A leaf whose name another one has already, or -1.
template <class M> constexpr int repeated_name() {
  const auto& plan = parameter_plan<M>::value;
  std::array<std::uint64_t, plan.leaves.size()> hashes{};
  for (int i = 0; i < plan.leaf_count; ++i) {
    hashes[std::size_t(i)] = hash_of_name(plan.leaves[std::size_t(i)]);
    for (int j = 0; j < i; ++j)
      if (hashes[std::size_t(j)] == hashes[std::size_t(i)]) return i;
  }
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
