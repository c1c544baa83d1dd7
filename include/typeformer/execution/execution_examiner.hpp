// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/contract/probing_examiner.hpp>
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
template <class Use, class Scalar, class Weights, class W>
struct execution_examiner : probing_examiner<Use, execution_probe<Use, Scalar, Weights, W>,
                                             error::operation_has_no_execute_for_its_arguments> {
  template <class Layer, class In, class Scope, class Out> static constexpr auto verdict() {
    if constexpr (Use::caches && In::rows_are == axis::token && requires { requires Layer::sees_later_tokens; })
      return std::type_identity<error::layer_sees_tokens_that_come_later<Layer>>{};
    else return execution_examiner::probing_examiner::template verdict<Layer, In, Scope, Out>();
  }
};

}  // namespace typeformer
