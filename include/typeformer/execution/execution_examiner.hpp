// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <string_view>
#include <type_traits>

#include <typeformer/contract/examiners.hpp>
#include <typeformer/execution/execution_probe.hpp>

namespace typeformer {

namespace error {
/// There is no `execute(operation, call, views…)` for an operation with these arguments: `x` is read, `out(y)` written.
/// See `argument_view` for the view of each argument.
template <fixed_string Operation, class Layer> struct operation_has_no_execute_for_its_arguments : mismatch {};
/// In a session tokens come one after the other: no layer may read later tokens.
template <class Layer> struct layer_sees_tokens_that_come_later : mismatch {};
}  // namespace error

/// Examines whether a model can run: every operation has an `execute` for its arguments, and in a session no layer
/// reads later tokens. In compositions it examines the layers.
template <class Use, class Scalar, class Weights, class W> struct execution_examiner {
  using key = passes::examiner;
  using probe = execution_probe<Use, Scalar, Weights, W>;

  template <class Layer, class In, class Scope, class Out> static constexpr auto verdict() {
    if constexpr (requires { Layer::is_composition; }) return std::type_identity<Out>{};
    else if constexpr (Use::caches && In::rows_are == axis::token && requires { requires Layer::sees_later_tokens; })
      return std::type_identity<error::layer_sees_tokens_that_come_later<Layer>>{};
    else if constexpr (!requires { typename std::bool_constant<missing_of<Layer, In, Scope, Out>().empty()>; })
      return std::type_identity<error::walk_is_no_constant_expression<Layer>>{};
    else if constexpr (constexpr std::string_view missing = missing_of<Layer, In, Scope, Out>(); !missing.empty())
      return std::type_identity<
          error::operation_has_no_execute_for_its_arguments<copy<missing.size()>(missing), Layer>>{};
    else return std::type_identity<Out>{};
  }

  template <class Head, class In, class Scope, class Out> static constexpr auto verdict_of_head() {
    if constexpr (requires { Head::is_composition; }) return std::type_identity<Out>{};
    else if constexpr (!requires { typename std::bool_constant<missing_of_head<Head, In, Scope>().empty()>; })
      return std::type_identity<error::walk_is_no_constant_expression<Head>>{};
    else if constexpr (constexpr std::string_view missing = missing_of_head<Head, In, Scope>(); !missing.empty())
      return std::type_identity<
          error::operation_has_no_execute_for_its_arguments<copy<missing.size()>(missing), Head>>{};
    else return std::type_identity<Out>{};
  }

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

}  // namespace typeformer
