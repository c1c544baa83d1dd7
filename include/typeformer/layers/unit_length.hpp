// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/contract/option_checks.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

template <index_type Width, number Epsilon> struct unit_length_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 3 * rows * Width; }
};
template <index_type Width, number Epsilon> struct unit_length_back_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 5 * rows * Width; }
};

/// y = x / max(|x|, ε) for each row: then the product of two rows is the cosine between them (as PyTorch's
/// `normalize`).
///
/// x, y [rows][width]; no parameters; ε by `epsilon<…>`, 1e-12 otherwise. A row of zeros does not change. Cost: 3 ·
/// width FLOPs per row.
template <class... Options> struct unit_length {
  static constexpr bool is_composition = true;  // no parameters to number
  static constexpr double epsilon_value = chosen<epsilon<1e-12>, Options...>::value;
  using checked_options = check_options<unit_length, known_options<epsilon<1e-12>>, Options...>;
  template <class In> using infer = In;

  template <class X> struct trace_of {
    X y;
    ref<rows<X::rows_are, 1>> inverse_length;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    const X y = c.template make<typename X::shape>(x);
    const auto inverse_length = c.template make<rows<X::rows_are, 1>>();
    c.run(unit_length_operation<X::width, epsilon_value>{}, x, out(y), if_kept(inverse_length));
    return trace_of<X>{y, inverse_length};
  }
  template <class Walk, class X, class DY, class Scope>
  static constexpr DY walk_back(Walk& c, trace_of<X> t, DY dy, Scope) {
    const DY dx = c.template make<typename DY::shape>(dy);
    c.run(unit_length_back_operation<X::width, epsilon_value>{}, t.y, t.inverse_length, dy, out(dx));
    return dx;
  }
};

}  // namespace typeformer
