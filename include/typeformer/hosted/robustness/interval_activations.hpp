// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cmath>

#include <typeformer/activations/activations.hpp>
#include <typeformer/activations/hard_swish.hpp>
#include <typeformer/activations/mish.hpp>
#include <typeformer/activations/squared_relu.hpp>
#include <typeformer/execution/activation.hpp>
#include <typeformer/execution/call.hpp>
#include <typeformer/execution/soft_cap.hpp>
#include <typeformer/hosted/robustness/interval.hpp>
#include <typeformer/layers/activation.hpp>
#include <typeformer/layers/gated_activation.hpp>
#include <typeformer/layers/logits.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

/// Whether an activation function falls at first, or nowhere, and then rises. Its largest value in an interval is then
/// that of an end, and its smallest that of an end or its minimum. Specialize it for your own; the others do not
/// compile on intervals.
template <class Function> inline constexpr bool falls_then_rises = false;
template <> inline constexpr bool falls_then_rises<sigmoid> = true;
template <> inline constexpr bool falls_then_rises<tanh_activation> = true;
template <> inline constexpr bool falls_then_rises<relu> = true;
template <> inline constexpr bool falls_then_rises<squared_relu> = true;
template <> inline constexpr bool falls_then_rises<silu> = true;
template <> inline constexpr bool falls_then_rises<quick_gelu> = true;
template <> inline constexpr bool falls_then_rises<gelu_erf> = true;
template <> inline constexpr bool falls_then_rises<gelu_tanh> = true;
template <> inline constexpr bool falls_then_rises<mish> = true;
template <> inline constexpr bool falls_then_rises<hard_swish> = true;

namespace detail {

/// Where the function is least between −10 and 10.
template <class Function> double minimum_of() {
  double from = -10, to = 10;
  for (int step = 0; step < 100; ++step) {
    const double a = from + (to - from) / 3, b = to - (to - from) / 3;
    if (Function::value(a) < Function::value(b)) to = b;
    else from = a;
  }
  return (from + to) / 2;
}

template <class Function> interval activated(interval x) {
  static const double minimum = minimum_of<Function>();
  const double a = Function::value(x.lower), b = Function::value(x.upper);
  double least = (std::min)(a, b);
  if (x.holds(minimum)) least = (std::min)(least, double(Function::value(minimum)));
  // Functions such as x sigmoid(x) have more rounding errors than one.
  const double slack = 0x1p-46 * (1 + (std::max)(x.upper, -x.lower));
  return {least - slack, (std::max)(a, b) + slack};
}

}  // namespace detail

template <class Function, index_type Width, class W>
  requires falls_then_rises<Function>
void execute(activation_operation<Function, Width>, const call<W>&, block_view<const interval> x,
             block_view<interval> y) {
  for (index_type row = 0; row < x.rows; ++row)
    for (index_type i = 0; i < Width; ++i) y[row][i] = detail::activated<Function>(x[row][i]);
}

template <class Function, index_type Width, class W>
  requires falls_then_rises<Function>
void execute(gated_activation_operation<Function, Width>, const call<W>&, block_view<const interval> x,
             block_view<interval> y) {
  for (index_type row = 0; row < x.rows; ++row)
    for (index_type i = 0; i < Width; ++i) y[row][i] = detail::activated<Function>(x[row][i]) * x[row][Width + i];
}

template <index_type Width, number Cap, class W>
void execute(soft_cap_operation<Width, Cap>, const call<W>&, block_view<const interval> x, block_view<interval> y) {
  for (index_type row = 0; row < x.rows; ++row)
    for (index_type i = 0; i < Width; ++i)
      y[row][i] = of_rising([](double each) { return Cap.value * std::tanh(each / Cap.value); }, x[row][i]);
}

}  // namespace typeformer
