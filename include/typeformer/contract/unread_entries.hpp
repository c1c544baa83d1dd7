// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/contract/mismatches.hpp>
#include <typeformer/contract/scope.hpp>

namespace typeformer {

namespace detail {

template <class Layer, class In, class Scope> constexpr auto checked_unread() { return std::type_identity<In>{}; }
template <class Layer, class In, class Scope, class Key, class... Rest> constexpr auto checked_unread() {
  if constexpr (has_entry<Key, Scope>)
    return std::type_identity<error::layer_does_not_read_what_is_passed_down<entry_for<Key, Scope>, Layer>>{};
  else return checked_unread<Layer, In, Scope, Rest...>();
}

}  // namespace detail

/// `In`, or a mismatch if something was passed down under one of `Keys`, which the layer would ignore.
template <class Layer, class In, class Scope, class... Keys>
using without_entries = typename decltype(detail::checked_unread<Layer, In, Scope, Keys...>())::type;

}  // namespace typeformer
