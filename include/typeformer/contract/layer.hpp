// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/examiners.hpp>
#include <typeformer/contract/shape_inference.hpp>
#include <typeformer/contract/walk_context.hpp>

/// The contract between a layer and everything that reads it. A layer is a type without state:
///
/// ```cpp
/// struct my_layer {
///   template <class In, class Scope> using infer = …;  // its output's shape, or a mismatch; `Scope` is optional
///   template <class In> using passes_down = …;         // optional: an entry for the layers after it; see `scope`
///   using checked_options = check_options<…>;          // optional: rejects options that the layer does not know
///
///   template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope s);
///   template <class Walk, class Trace, class DY, class Scope>
///   static constexpr auto walk_back(Walk& c, Trace t, DY dy, Scope s);  // only for layers that can be trained
/// };
/// ```
///
/// `walk` returns a trace: a small struct of references and parameters with the output `y`, and with `passed` if the
/// layer passes something down. `walk_back` gets that trace and the gradient of `y`, adds the gradients of the
/// parameters and returns that of `x`. The compiler checks this contract where a model is used, and its message names
/// the layer.
namespace typeformer {

/// A layer that accepts an input of shape `In` and what was passed down to it, and whose walk returns the shape that it
/// declares.
template <class L, class In, class Scope = scope<>>
concept Layer = Shape<In> && Shape<infer<L, In, Scope>>;

/// A layer that can be trained: its `walk_back` returns the gradient of its input.
template <class L, class In, class Scope = scope<>, class Use = walk_use<purpose::train, capacities{1, 1, 0}>>
concept DifferentiableLayer =
    Layer<L, In, Scope> &&
    Shape<typename decltype(training_examiner<Use>::template verdict<L, In, Scope, infer<L, In, Scope>>())::type>;

namespace detail {
template <class L, class In, class Scope, class Use> constexpr int states_of() {
  walk_archetype<Use> c;
  L::walk(c, ref<In>{0}, walk_scope<Use, Scope>{});
  return c.states();
}
}  // namespace detail

/// A layer that keeps state between the calls of a session.
template <class L, class In, class Scope = scope<>, class Use = walk_use<purpose::decode, capacities{1, 1, 1}>>
concept StatefulLayer = Layer<L, In, Scope> && detail::states_of<L, In, Scope, Use>() > 0;

}  // namespace typeformer
