// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/shape/references.hpp>

namespace typeformer {

template <class Function, index Width> struct activation_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 8 * rows * Width; }
};
template <class Function, index Width> struct activation_back_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 16 * rows * Width; }
};

/// y = Function(x), element by element; `Function` is `gelu_tanh`, `gelu_erf`, `silu`, `relu`, … or a type of your own
/// with `value` and `derivative`.
///
/// x, y [rows][width].
template <class Function> struct activation {
  template <class In> using infer = In;

  template <class X> struct trace_of {
    X y, x;
  };

  template <class Context, class X, class Scope> static constexpr auto walk(Context& c, X x, Scope) {
    const X y = c.template make<typename X::shape>(x);
    c.run(activation_operation<Function, X::width>{}, x, out(y));
    return trace_of<X>{y, x};
  }
  template <class Context, class X, class DY, class Scope>
  static constexpr DY walk_back(Context& c, trace_of<X> t, DY dy, Scope) {
    const DY dx = c.template make<typename DY::shape>(dy);
    c.run(activation_back_operation<Function, X::width>{}, t.x, dy, out(dx));
    return dx;
  }
};

}  // namespace typeformer
