// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>
#include <utility>

#include <typeformer/contract/context_arguments.hpp>
#include <typeformer/contract/mismatch.hpp>
#include <typeformer/contract/scope.hpp>
#include <typeformer/contract/tokens_and_sequences.hpp>
#include <typeformer/contract/walk_context.hpp>
#include <typeformer/memory/use.hpp>

namespace typeformer {

namespace error {
/// `Layer::walk(walk, x, scope)` is missing or takes other arguments.
template <class Layer> struct layer_has_no_walk : mismatch {};
/// The trace that `walk` returns has no member `y`, the reference to the layer's output.
template <class Layer> struct trace_has_no_y : mismatch {};
/// `infer` gives one shape, but the reference `y` of the trace has another.
template <class Walked, class Inferred, class Layer> struct walk_gives_another_shape_than_infer : mismatch {};
/// The layer declares `passes_down`, but its trace has no member `passed` of the entry's value type.
template <class Entry, class Layer> struct trace_has_not_what_the_layer_passes_down : mismatch {};
/// `Layer::walk_back(walk, trace, dy, scope)` is missing or takes other arguments: the layer cannot be trained.
template <class Layer> struct layer_has_no_walk_back : mismatch {};
/// The gradient that `walk_back` returns does not have the shape of the layer's input.
template <class Returned, class Input, class Layer> struct walk_back_gives_another_shape_than_the_input : mismatch {};
}  // namespace error

/// Key of the entry by which a caller examines every layer of a model during inference. The functions `verdict<Layer,
/// In, Scope, Out>()` and, for a head, `verdict_of_head` of the entry return the `std::type_identity` of `Out` or of a
/// mismatch. No walk sees the entry.
namespace passes {
struct examiner;
}

namespace detail {

template <class Use, class Scope, class... Entries> struct scope_of_walk;
template <class Use, class... Walked> struct scope_of_walk<Use, scope<>, Walked...> {
  using type = scope<Walked...>;
};
template <class Use, class Entry, class... Rest, class... Walked>
struct scope_of_walk<Use, scope<declared<Entry>, Rest...>, Walked...>
    : scope_of_walk<Use, scope<Rest...>, Walked..., passed<Entry, typename Entry::template value<Use>>> {};
template <class Use, class Entry, class Value, class... Rest, class... Walked>
struct scope_of_walk<Use, scope<passed<Entry, Value>, Rest...>, Walked...>
    : scope_of_walk<Use, scope<Rest...>, Walked..., passed<Entry, Value>> {};
template <class Use, class Entry, class... Rest, class... Walked>
  requires std::is_same_v<typename Entry::key, passes::examiner>
struct scope_of_walk<Use, scope<declared<Entry>, Rest...>, Walked...> : scope_of_walk<Use, scope<Rest...>, Walked...> {
};

}  // namespace detail

/// The scope of a walk for `Use` that corresponds to `Scope` in inference.
template <class Use, class Scope> using walk_scope = typename detail::scope_of_walk<Use, Scope>::type;

namespace detail {
template <class Layer, class Walk, class... Arguments>
using returned_by_walk = decltype(Layer::walk(std::declval<Walk&>(), std::declval<Arguments>()...));
}

/// The trace that `Layer` returns from its walk in the context `Walk`. Does not take part in overload resolution if
/// there is none.
template <class Layer, class Walk, class In, class Scope>
using trace_of_walk = detail::returned_by_walk<Layer, Walk, ref<In>, walk_scope<typename Walk::use, Scope>>;

namespace detail {

template <class Y> inline constexpr bool is_delivered = false;
template <class Shape> inline constexpr bool is_delivered<ref<Shape>> = true;
template <class Tokens, class Sequences>
inline constexpr bool is_delivered<tokens_and_sequences<Tokens, Sequences>> =
    is_delivered<Tokens> && is_delivered<Sequences>;

/// Placeholder for any shapes that a head may deliver.
struct any_rows;

template <class Shape> struct reference_to {
  using type = ref<Shape>;
};
template <class Tokens, class Sequences> struct reference_to<tokens_and_sequences<Tokens, Sequences>> {
  using type = tokens_and_sequences<ref<Tokens>, ref<Sequences>>;
};

template <class Layer, class... Arguments>
using trace_for = returned_by_walk<Layer, walk_archetype<parameter_use>, Arguments...>;

/// Nothing, or the reason why the walk of `Layer` with these arguments does not return a trace whose `y` has the shape
/// `Expected`.
template <class Layer, class Expected, class... Arguments> constexpr auto checked_trace() {
  if constexpr (walks_no_reference<Layer, walk_archetype<parameter_use>, Arguments...>())
    return std::type_identity<error::walk_takes_its_context_by_value_or_as_const<Layer>>{};
  else if constexpr (!requires { typename trace_for<Layer, Arguments...>; })
    return std::type_identity<error::layer_has_no_walk<Layer>>{};
  else if constexpr (!requires(trace_for<Layer, Arguments...> t) { t.y; })
    return std::type_identity<error::trace_has_no_y<Layer>>{};
  else {
    using walked = std::remove_cv_t<decltype(trace_for<Layer, Arguments...>::y)>;
    using expected = typename reference_to<Expected>::type;
    if constexpr (std::is_same_v<walked, expected> || (std::is_same_v<Expected, any_rows> && is_delivered<walked>))
      return std::type_identity<nothing>{};
    else if constexpr (std::is_same_v<Expected, any_rows>) return std::type_identity<error::trace_has_no_y<Layer>>{};
    else return std::type_identity<error::walk_gives_another_shape_than_infer<walked, expected, Layer>>{};
  }
}

/// Nothing, or the reason why a trace does not hold what the layer passes down.
template <class Layer, class Trace, class In> constexpr auto checked_passed() {
  using entry = passed_entry<Layer, In>;
  if constexpr (std::is_same_v<entry, nothing>) return std::type_identity<nothing>{};
  else if constexpr (!requires(Trace t) { t.passed; })
    return std::type_identity<error::trace_has_not_what_the_layer_passes_down<entry, Layer>>{};
  else if constexpr (!std::is_same_v<std::remove_cv_t<decltype(Trace::passed)>,
                                     typename entry::template value<parameter_use>>)
    return std::type_identity<error::trace_has_not_what_the_layer_passes_down<entry, Layer>>{};
  else return std::type_identity<nothing>{};
}

/// `Out`, the declared output, if the layer keeps the contract; otherwise the mismatch that says where it does not.
template <class Layer, class In, class Scope, class Out> constexpr auto checked_layer() {
  using below = walk_scope<parameter_use, Scope>;
  if constexpr (constexpr auto trace = checked_trace<Layer, Out, ref<In>, below>();
                !Shape<typename decltype(trace)::type>)
    return trace;
  else if constexpr (constexpr auto passed = checked_passed<Layer, trace_for<Layer, ref<In>, below>, In>();
                     !Shape<typename decltype(passed)::type>)
    return passed;
  else if constexpr (has_entry<passes::examiner, Scope>)
    return entry_for<passes::examiner, Scope>::template verdict<Layer, In, Scope, Out>();
  else return std::type_identity<Out>{};
}

/// The same for a head, which ends a model.
template <class Head, class In, class Scope, class Out> constexpr auto checked_head() {
  if constexpr (constexpr auto trace = checked_trace<Head, any_rows, ref<In>, walk_scope<parameter_use, Scope>>();
                !Shape<typename decltype(trace)::type>)
    return trace;
  else if constexpr (has_entry<passes::examiner, Scope>)
    return entry_for<passes::examiner, Scope>::template verdict_of_head<Head, In, Scope, Out>();
  else return std::type_identity<Out>{};
}

}  // namespace detail

/// A reference to an output of this shape, or to both parts of one.
template <class Shape> using output_ref = typename detail::reference_to<Shape>::type;

}  // namespace typeformer
