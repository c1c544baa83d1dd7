// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>
#include <type_traits>
#include <utility>

#include <typeformer/contract/mismatch.hpp>

namespace typeformer {

namespace error {
/// `walk` takes its context as `Walk& c`: what it asks for is recorded in the context.
template <class Layer> struct walk_takes_its_context_by_value_or_as_const : mismatch {};
/// The same for `walk_back`.
template <class Layer> struct walk_back_takes_its_context_by_value_or_as_const : mismatch {};
}  // namespace error

namespace detail {

// A walk of a constant context would fail in its body, at the end of a long path. So it is not called. Functions stand
// beside it, and which of them the compiler prefers tells how the layer takes its context.

struct preferred {};
/// Made from `T`, which is a worse match than `T`.
template <class T> struct made_from {
  made_from(T);
};

/// Preferred to all but those that take a reference to a context that can change.
template <class Layer, class Walk, class... Arguments> struct beside_walk : Layer {
  using Layer::walk;
  static preferred walk(const Walk&, Arguments...);
};
template <class Layer, class Walk, class... Arguments> struct beside_walk_back : Layer {
  using Layer::walk_back;
  static preferred walk_back(const Walk&, Arguments...);
};
/// Preferred only if that of the layer does not take such arguments.
template <class Layer, class Walk, class First, class... Arguments> struct without_walk : Layer {
  using Layer::walk;
  static preferred walk(Walk&, made_from<First>, Arguments...);
};
template <class Layer, class Walk, class First, class... Arguments> struct without_walk_back : Layer {
  using Layer::walk_back;
  static preferred walk_back(Walk&, made_from<First>, Arguments...);
};

struct both_names {
  int walk, walk_back;
};
template <class Layer> struct with_both_names : Layer, both_names {};

template <class Layer> inline constexpr bool can_be_a_base = std::is_class_v<Layer> && !std::is_final_v<Layer>;
template <class Layer> inline constexpr bool is_a_composition = requires { Layer::is_composition; };
/// Unambiguous: the layer has none.
template <class Layer>
concept HasNoWalk = requires { &with_both_names<Layer>::walk; };
template <class Layer>
concept HasNoWalkBack = requires { &with_both_names<Layer>::walk_back; };

/// Whether a layer has a walk with these arguments, but not for a context that can change.
template <class Layer, class Walk, class... Arguments> constexpr bool walks_no_reference() {
  if constexpr (!can_be_a_base<Layer>) return false;
  else if constexpr (is_a_composition<Layer> || HasNoWalk<Layer>) return false;
  else if constexpr (!requires(Walk& c) {
                       {
                         beside_walk<Layer, Walk, Arguments...>::walk(c, std::declval<Arguments>()...)
                       } -> std::same_as<preferred>;
                     })
    return false;
  else return !requires(Walk& c) { without_walk<Layer, Walk, Arguments...>::walk(c, std::declval<Arguments>()...); };
}
template <class Layer, class Walk, class... Arguments> constexpr bool walks_back_no_reference() {
  if constexpr (!can_be_a_base<Layer>) return false;
  else if constexpr (is_a_composition<Layer> || HasNoWalkBack<Layer>) return false;
  else if constexpr (!requires(Walk& c) {
                       {
                         beside_walk_back<Layer, Walk, Arguments...>::walk_back(c, std::declval<Arguments>()...)
                       } -> std::same_as<preferred>;
                     })
    return false;
  else
    return !requires(Walk& c) {
      without_walk_back<Layer, Walk, Arguments...>::walk_back(c, std::declval<Arguments>()...);
    };
}

/// Whether layers inside this one have a `walk_back` of their own, so that it is enough that this one has one, too. Then
/// a mistake in the body of one of them is reported for that layer only.
template <class Layer> constexpr bool walks_back_by_inner_layers() {
  if constexpr (!can_be_a_base<Layer>) return false;
  else return is_a_composition<Layer> && requires { typename Layer::inner; } && !HasNoWalkBack<Layer>;
}

}  // namespace detail

}  // namespace typeformer
