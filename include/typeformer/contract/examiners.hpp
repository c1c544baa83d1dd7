// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include <typeformer/contract/execution_probe.hpp>
#include <typeformer/contract/shape_inference.hpp>

namespace typeformer {

namespace error {
/// No `execute(operation, call, views…)` is found beside the operation that takes these arguments: `x` is read,
/// `out(y)` written. See `argument_view` for what each becomes.
template <fixed_string Operation, class Layer> struct operation_has_no_execute_for_its_arguments : mismatch {};
/// The compiler walks the layers: `walk` and `walk_back` are `constexpr`, call only such functions, and throw nothing.
template <class Layer> struct walk_is_no_constant_expression : mismatch {};
/// In a session tokens come one after the other: no layer may look at those that come later.
template <class Layer> struct layer_sees_tokens_that_come_later : mismatch {};
}  // namespace error

/// Examines a model for training: every layer has a `walk_back` that returns the gradient of its input.
template <class Use> struct training_examiner {
  using key = passes::examiner;

  template <class Layer, class In, class Scope, class Out> static constexpr auto verdict() {
    using trace = trace_of_walk<Layer, planner<Use>, In, Scope>;
    using below = walk_scope<Use, Scope>;
    if constexpr (!requires(planner<Use>& c, trace t, ref<Out> dy, below s) { Layer::walk_back(c, t, dy, s); })
      return std::type_identity<error::layer_has_no_walk_back<Layer>>{};
    else {
      using dx = decltype(Layer::walk_back(std::declval<planner<Use>&>(), std::declval<trace>(),
                                           std::declval<ref<Out>>(), std::declval<below>()));
      if constexpr (!std::is_same_v<dx, ref<In>>)
        return std::type_identity<error::walk_back_gives_another_shape_than_the_input<dx, ref<In>, Layer>>{};
      else return std::type_identity<Out>{};
    }
  }
  template <class Layer, class In, class Scope, class Out>
  using examine = typename decltype(verdict<Layer, In, Scope, Out>())::type;
  /// A head that is made of heads has an output, and gradients, of several parts.
  template <class Head, class In, class Scope, class Out> static constexpr auto verdict_of_head() {
    if constexpr (requires { Head::is_composition; }) return std::type_identity<Out>{};
    else return verdict<Head, In, Scope, Out>();
  }
  template <class Head, class In, class Scope, class Out>
  using examine_head = typename decltype(verdict_of_head<Head, In, Scope, Out>())::type;
};

/// Examines a model for what runs it: every operation has an `execute` for its arguments, and in a session no layer looks
/// at later tokens. Compositions are seen through their layers.
template <class Use, class Scalar, class Weights, class W> struct execution_examiner {
  using key = passes::examiner;
  using probe = execution_probe<Use, Scalar, Weights, W>;

  template <class Layer, class In, class Scope, class Out> static constexpr auto verdict() {
    if constexpr (requires { Layer::is_composition; }) return std::type_identity<Out>{};
    else if constexpr (Use::remembers && In::rows_are == axis::token && requires { requires Layer::sees_later_tokens; })
      return std::type_identity<error::layer_sees_tokens_that_come_later<Layer>>{};
    else if constexpr (!requires { typename std::bool_constant<missing_of<Layer, In, Scope, Out>().empty()>; })
      return std::type_identity<error::walk_is_no_constant_expression<Layer>>{};
    else if constexpr (constexpr std::string_view missing = missing_of<Layer, In, Scope, Out>(); !missing.empty())
      return std::type_identity<
          error::operation_has_no_execute_for_its_arguments<copy<missing.size()>(missing), Layer>>{};
    else return std::type_identity<Out>{};
  }
  template <class Layer, class In, class Scope, class Out>
  using examine = typename decltype(verdict<Layer, In, Scope, Out>())::type;

  template <class Head, class In, class Scope, class Out> static constexpr auto verdict_of_head() {
    if constexpr (requires { Head::is_composition; }) return std::type_identity<Out>{};
    else if constexpr (!requires { typename std::bool_constant<missing_of_head<Head, In, Scope>().empty()>; })
      return std::type_identity<error::walk_is_no_constant_expression<Head>>{};
    else if constexpr (constexpr std::string_view missing = missing_of_head<Head, In, Scope>(); !missing.empty())
      return std::type_identity<
          error::operation_has_no_execute_for_its_arguments<copy<missing.size()>(missing), Head>>{};
    else return std::type_identity<Out>{};
  }
  template <class Head, class In, class Scope, class Out>
  using examine_head = typename decltype(verdict_of_head<Head, In, Scope, Out>())::type;

 private:
  template <class Layer, class In, class Scope, class Out> static constexpr std::string_view missing_of() {
    probe c;
    const walk_scope<Use, Scope> below{};
    auto trace = Layer::walk(c, ref<In>{0}, below);
    if constexpr (Use::what_for == purpose::train) Layer::walk_back(c, trace, ref<Out>{0}, below);
    return c.missing();
  }
  template <class Head, class In, class Scope> static constexpr std::string_view missing_of_head() {
    probe c;
    Head::walk(c, ref<In>{0}, walk_scope<Use, Scope>{});
    return c.missing();
  }
  template <std::size_t Size> static constexpr fixed_string<Size> copy(std::string_view text) {
    fixed_string<Size> all;
    for (std::size_t i = 0; i < Size; ++i) all.characters[i] = text[i];
    return all;
  }
};

namespace detail {
template <class M, class... Examiners> constexpr auto examined_model() {
  if constexpr (requires { typename M::template examined<Examiners...>; })
    return std::type_identity<typename M::template examined<Examiners...>>{};
  else return std::type_identity<typename M::output>{};  // a model that is no composition of layers
}
}  // namespace detail

/// What a model delivers, or the first mismatch that an examiner finds in its layers.
template <class M, class Examiner> using examined = typename decltype(detail::examined_model<M, Examiner>())::type;

namespace detail {
template <class Checked, class M, class Examiner> constexpr auto then_examined() {
  if constexpr (!Shape<Checked>) return std::type_identity<Checked>{};
  else if constexpr (!Shape<examined<M, Examiner>>) return std::type_identity<examined<M, Examiner>>{};
  else return std::type_identity<Checked>{};
}
}  // namespace detail

/// `Checked`, or what an examiner finds in the layers of the model.
template <class Checked, class M, class Examiner>
using checked_and_examined = typename decltype(detail::then_examined<Checked, M, Examiner>())::type;

}  // namespace typeformer
