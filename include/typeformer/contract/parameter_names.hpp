// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>

#include <typeformer/contract/leaf_names.hpp>
#include <typeformer/contract/mismatches.hpp>

namespace typeformer {

namespace detail {

/// A leaf with a tensor that has the same name as a tensor of another leaf, or -1.
template <class M> constexpr int repeated_name() {
  const auto& names = leaf_names<M>;
  for (int i = 1; i < parameter_plan<M>::value.leaf_count; ++i)
    for (int j = 0; j < i; ++j)
      if (names.hash[std::size_t(i)] == names.hash[std::size_t(j)] && may_be_the_same(names[i], names[j])) return i;
  return -1;
}

template <class M, int Leaf> constexpr auto name_of_leaf() {
  return spelled([] { return parameter_plan<M>::value.leaves[Leaf]; });
}

template <class M> constexpr auto checked_names() {
  using walk = checked_walk<forward_walk<M>, parameter_use, M>;
  if constexpr (!fits_together<walk>) return walk{};
  else if constexpr (constexpr int leaf = repeated_name<M>(); leaf >= 0)
    return error::two_parameters_have_the_same_name<name_of_leaf<M, leaf>()>{};
  else return nothing{};
}

}  // namespace detail

/// Nothing, or the mismatch that names a parameter which the model has twice. A file could hold only one of them.
template <class M> using checked_names = decltype(detail::checked_names<M>());

}  // namespace typeformer
