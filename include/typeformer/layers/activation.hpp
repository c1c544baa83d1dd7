// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/mismatch.hpp>
#include <typeformer/contract/scope.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

namespace error {
/// An activation function has `value(x)` and `derivative(x)` for scalars and vectors, such as `relu`.
template <class Function, class Layer> struct function_is_no_activation : mismatch {};
}  // namespace error

/// A function of one number with its derivative, applied to each element.
template <class F>
concept ActivationFunction = requires(float x) {
  { F::value(x) } -> std::convertible_to<float>;
  { F::derivative(x) } -> std::convertible_to<float>;
};

namespace detail {
template <class Function, class Layer>
using checked_function =
    std::conditional_t<ActivationFunction<Function>, nothing, error::function_is_no_activation<Function, Layer>>;
}  // namespace detail

template <class Function, index_type Width> struct activation_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 8 * rows * Width; }
};
template <class Function, index_type Width> struct activation_back_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 16 * rows * Width; }
};

/// y = Function(x), element by element; `Function` is `gelu_tanh`, `gelu_erf`, `silu`, `relu`, … or a type of your own
/// with `value` and `derivative`.
///
/// x, y [rows][width].
template <class Function> struct activation {
  using checked_options = detail::checked_function<Function, activation>;
  template <class In> using infer = In;

  template <class X> struct trace_of {
    X y, x;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    const X y = c.template make<typename X::shape>(x);
    c.run(activation_operation<Function, X::width>{}, x, out(y));
    return trace_of<X>{y, x};
  }
  template <class Walk, class X, class DY, class Scope>
  static constexpr DY walk_back(Walk& c, trace_of<X> t, DY dy, Scope) {
    const DY dx = c.template make<typename DY::shape>(dy);
    c.run(activation_back_operation<Function, X::width>{}, t.x, dy, out(dx));
    return dx;
  }
};

}  // namespace typeformer
