// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include <typeformer/contract/shape_inference.hpp>

namespace typeformer {

namespace error {
/// The compiler walks the layers: `walk` and `walk_back` are `constexpr`, call only such functions, and throw nothing.
template <class Layer> struct walk_is_no_constant_expression : mismatch {};
}  // namespace error

/// Examines a model for training: every layer has a `walk_back` that returns the gradient of its input.
template <class Use> struct training_examiner {
  using key = passes::examiner;

  template <class Layer, class In, class Scope, class Out> static constexpr auto verdict() {
    using trace = trace_of_walk<Layer, walk_archetype<Use>, In, Scope>;
    using below = walk_scope<Use, Scope>;
    if constexpr (detail::walks_back_by_inner_layers<Layer>()) return std::type_identity<Out>{};
    else if constexpr (detail::walks_back_no_reference<Layer, walk_archetype<Use>, trace, output_ref<Out>, below>())
      return std::type_identity<error::walk_back_takes_its_context_by_value_or_as_const<Layer>>{};
    else if constexpr (!requires(walk_archetype<Use>& c, trace t, output_ref<Out> dy, below s) {
                         Layer::walk_back(c, t, dy, s);
                       })
      return std::type_identity<error::layer_has_no_walk_back<Layer>>{};
    else {
      using dx = decltype(Layer::walk_back(std::declval<walk_archetype<Use>&>(), std::declval<trace>(),
                                           std::declval<output_ref<Out>>(), std::declval<below>()));
      if constexpr (!std::is_same_v<dx, ref<In>>)
        return std::type_identity<error::walk_back_gives_another_shape_than_the_input<dx, ref<In>, Layer>>{};
      else return std::type_identity<Out>{};
    }
  }
  /// A head made of heads has an output and gradients of several parts.
  template <class Head, class In, class Scope, class Out> static constexpr auto verdict_of_head() {
    if constexpr (requires { Head::is_composition; }) return std::type_identity<Out>{};
    else return verdict<Head, In, Scope, Out>();
  }
};

namespace detail {
template <class M, class... Examiners> constexpr auto examined_model() {
  if constexpr (requires { typename M::template examined<Examiners...>; })
    return std::type_identity<typename M::template examined<Examiners...>>{};
  else return std::type_identity<typename M::output>{};  // a model that is not a composition of layers
}
}  // namespace detail

/// The output of a model, or the first mismatch that an examiner finds in its layers.
template <class M, class Examiner> using examined = typename decltype(detail::examined_model<M, Examiner>())::type;

namespace detail {
template <class Checked, class M, class Examiner> constexpr auto then_examined() {
  if constexpr (!Shape<Checked>) return std::type_identity<Checked>{};
  else if constexpr (!Shape<examined<M, Examiner>>) return std::type_identity<examined<M, Examiner>>{};
  else return std::type_identity<Checked>{};
}
}  // namespace detail

/// `Checked`, or the mismatch that an examiner finds in the layers of the model.
template <class Checked, class M, class Examiner>
using checked_and_examined = typename decltype(detail::then_examined<Checked, M, Examiner>())::type;

}  // namespace typeformer
