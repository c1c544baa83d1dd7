// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/foundation/config.hpp>  // first, so that a flag that it rejects is named near the user's line

#include <typeformer/contract/layer_checks.hpp>
#include <typeformer/contract/mismatch.hpp>
#include <typeformer/contract/scope.hpp>
#include <typeformer/memory/use.hpp>

namespace typeformer {

namespace error {
/// The layer infers no shape for such an input: a head or an embedding in the middle of a stack.
template <class Layer> struct layer_cannot_stand_here : mismatch {};
/// An earlier layer already passes down an entry with this key. Layers below could read only one of them.
template <class Entry, class Layer> struct this_is_passed_down_already : mismatch {};
/// The type that `passes_down` names has no type `key`, by which the layers below look it up; see `scope`.
template <class Entry, class Layer> struct entry_has_no_key : mismatch {};
/// The type that `passes_down` names has no `value<Use>`, the type of the value that is passed down; see `scope`.
template <class Entry, class Layer> struct entry_has_no_value : mismatch {};
}  // namespace error

namespace detail {

/// The output's shape as the layer declares it, before its walk is checked.
template <class Layer, class In, class Scope> constexpr auto declared_output() {
  if constexpr (requires { typename Layer::template infer<In, Scope>; })
    return std::type_identity<typename Layer::template infer<In, Scope>>{};
  else if constexpr (requires { typename Layer::template infer<In>; })
    return std::type_identity<typename Layer::template infer<In>>{};
  else return std::type_identity<error::layer_cannot_stand_here<Layer>>{};
}

/// The first mismatch among a layer's options, or `nothing`.
template <class Layer> constexpr auto checked_options_of() {
  if constexpr (requires { typename Layer::checked_options; })
    return std::type_identity<typename Layer::checked_options>{};
  else return std::type_identity<nothing>{};
}

template <class Layer, class In, class Scope> constexpr auto checked_entry() {
  using entry = passed_entry<Layer, In>;
  if constexpr (std::is_same_v<entry, nothing>) return std::type_identity<nothing>{};
  else if constexpr (!requires { typename entry::key; })
    return std::type_identity<error::entry_has_no_key<entry, Layer>>{};
  else if constexpr (!requires { typename entry::template value<parameter_use>; })
    return std::type_identity<error::entry_has_no_value<entry, Layer>>{};
  else if constexpr (has_entry<typename entry::key, Scope>)
    return std::type_identity<error::this_is_passed_down_already<entry, Layer>>{};
  else return std::type_identity<nothing>{};
}

template <class Layer, class In, class Scope> constexpr auto inferred() {
  if constexpr (!Shape<In>) return std::type_identity<In>{};
  else if constexpr (constexpr auto options = checked_options_of<Layer>(); !Shape<typename decltype(options)::type>)
    return options;
  else if constexpr (constexpr auto out = declared_output<Layer, In, Scope>(); !Shape<typename decltype(out)::type>)
    return out;
  else if constexpr (constexpr auto entry = checked_entry<Layer, In, Scope>(); !Shape<typename decltype(entry)::type>)
    return entry;
  else return checked_layer<Layer, In, Scope, typename decltype(out)::type>();
}

template <class Layer, class In, class Scope> struct scope_after_layer {
  using type = Scope;  // nothing is inferred below a mismatch
};
template <class Layer, Shape In, class Scope> struct scope_after_layer<Layer, In, Scope> {
  using type = scope_with<Scope, passed_entry<Layer, In>>;
};

}  // namespace detail

/// The output shape of `Layer` for the input shape `In` with the entries of `Scope`, or the first mismatch. A layer
/// that depends on what was passed down to it takes the scope as a second argument of its `infer`.
template <class Layer, class In, class Scope = scope<>>
using infer = typename decltype(detail::inferred<Layer, In, Scope>())::type;

/// The scope of the layers after `Layer`.
template <class Layer, class In, class Scope>
using scope_below = typename detail::scope_after_layer<Layer, In, Scope>::type;

namespace detail {
template <class In, class Scope, class... Layers> struct inferred_chain {
  using type = In;
};
template <class In, class Scope, class First, class... Rest>
struct inferred_chain<In, Scope, First, Rest...>
    : inferred_chain<typeformer::infer<First, In, Scope>, typeformer::scope_below<First, In, Scope>, Rest...> {};
}  // namespace detail

/// The output shape of layers applied in sequence, or the first mismatch.
template <class In, class Scope, class... Layers>
using infer_chain = typename detail::inferred_chain<In, Scope, Layers...>::type;

}  // namespace typeformer
