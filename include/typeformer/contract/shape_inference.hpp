// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/contract/mismatch.hpp>
#include <typeformer/contract/scope.hpp>
#include <typeformer/foundation/config.hpp>

namespace typeformer {

namespace error {
/// The layer infers no shape from such an input: a head or an embedding in the middle of a stack.
template <class Layer> struct layer_cannot_stand_here : mismatch {};
}  // namespace error

namespace detail {

template <class Layer, class In, class Scope> constexpr auto inferred() {
  if constexpr (std::derived_from<In, mismatch>) return std::type_identity<In>{};
  else if constexpr (requires { typename Layer::template infer<In, Scope>; })
    return std::type_identity<typename Layer::template infer<In, Scope>>{};
  else if constexpr (requires { typename Layer::template infer<In>; })
    return std::type_identity<typename Layer::template infer<In>>{};
  else return std::type_identity<error::layer_cannot_stand_here<Layer>>{};
}

template <class Layer, class Scope> constexpr auto scope_below() {
  if constexpr (requires { typename Layer::template scope_below<Scope>; })
    return std::type_identity<typename Layer::template scope_below<Scope>>{};
  else return std::type_identity<Scope>{};
}

}  // namespace detail

/// The output shape of `Layer` for the input shape `In`, or the first mismatch. A layer whose fit depends on what was
/// passed down to it takes the scope as a second argument of its `infer`.
template <class Layer, class In, class Scope = scope<>> using infer =
    typename decltype(detail::inferred<Layer, In, Scope>())::type;

/// What the layers after `Layer` see in their scope; a layer that passes something down says so by a `scope_below` of
/// its own.
template <class Layer, class Scope> using scope_below = typename decltype(detail::scope_below<Layer, Scope>())::type;

namespace detail {
template <class In, class Scope, class... Layers> struct inferred_chain {
  using type = In;
};
template <class In, class Scope, class First, class... Rest> struct inferred_chain<In, Scope, First, Rest...>
    : inferred_chain<typeformer::infer<First, In, Scope>, typeformer::scope_below<First, Scope>, Rest...> {};
}  // namespace detail

/// The output shape of layers applied one after the other, or the first mismatch.
template <class In, class Scope, class... Layers> using infer_chain =
    typename detail::inferred_chain<In, Scope, Layers...>::type;

}  // namespace typeformer
