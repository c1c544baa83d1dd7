// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/mismatches.hpp>
#include <typeformer/contract/options.hpp>
#include <typeformer/layers/activation.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

template <class Function, index_type Width> struct gated_activation_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 9 * rows * Width; }
};
template <class Function, index_type Width> struct gated_activation_back_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 18 * rows * Width; }
};

/// y = Function(gate) · value, where the gate is the first half of each row and the value the second (Shazeer 2020,
/// arXiv:2002.05202, eq. 5).
///
/// x [rows][2 · width], y [rows][width].
template <class Function> struct gated_activation {
  using checked_options = detail::checked_function<Function, gated_activation>;
  template <class In>
  using infer = std::conditional_t<In::width % 2 == 0, rows<In::rows_are, In::width / 2>,
                                   error::gated_width_is_odd<width<In::width>, gated_activation>>;

  template <class X> struct trace_of {
    ref<rows<X::rows_are, X::width / 2>> y;
    X x;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    const auto y = c.template make<rows<X::rows_are, X::width / 2>>();
    c.run(gated_activation_operation<Function, X::width / 2>{}, x, out(y));
    return trace_of<X>{y, x};
  }
  template <class Walk, class X, class DY, class Scope>
  static constexpr X walk_back(Walk& c, trace_of<X> t, DY dy, Scope) {
    const X dx = c.template make<typename X::shape>();
    c.run(gated_activation_back_operation<Function, X::width / 2>{}, t.x, dy, out(dx));
    return dx;
  }
};

}  // namespace typeformer
