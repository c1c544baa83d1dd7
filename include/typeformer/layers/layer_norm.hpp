// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/option_checks.hpp>
#include <typeformer/contract/scope.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

template <index_type Width, number Epsilon> struct layer_norm_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 8 * rows * Width; }
};
template <index_type Width> struct layer_norm_back_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 14 * rows * Width; }
};

/// y = (x − mean(x)) / √(var(x) + ε) · weight + bias over each row (Ba, Kiros, Hinton 2016, arXiv:1607.06450, eq. 3–4).
///
/// x, y [rows][width]; weight, bias [width] (no bias with `without_bias`); ε by `epsilon<…>`, 1e-5 otherwise. Cost: 8 ·
/// width FLOPs per row.
template <class... Options> struct layer_norm {
  static constexpr bool has_bias = !has_option<without_bias, Options...>;
  static constexpr double epsilon_value = chosen<epsilon<1e-5>, Options...>::value;
  using checked_options = check_options<layer_norm, known_options<epsilon<1e-5>, with_bias, without_bias>, Options...>;
  template <class In> using infer = In;

  template <class X> struct trace_of {
    X y, x;
    ref<rows<X::rows_are, 2>> statistics;  // the difference of the mean from the first number, and 1/σ
    parameter<parameter_kind::vector, X::width, 1> weight;
    std::conditional_t<has_bias, parameter<parameter_kind::vector, X::width, 1>, nothing> bias;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    constexpr index_type width = X::width;
    const auto weight = c.template param<parameter_kind::vector, width, 1>(named_rows{"weight", width});
    const auto bias = [&] {
      if constexpr (has_bias) return c.template param<parameter_kind::vector, width, 1>(named_rows{"bias", width});
      else return nothing{};
    }();
    const X y = c.template make<typename X::shape>(x);
    const auto statistics = c.template make<rows<X::rows_are, 2>>();
    c.run(layer_norm_operation<width, epsilon_value>{}, x, weight, bias, out(y), if_kept(statistics));
    return trace_of<X>{y, x, statistics, weight, bias};
  }
  template <class Walk, class X, class DY, class Scope>
  static constexpr DY walk_back(Walk& c, trace_of<X> t, DY dy, Scope) {
    const DY dx = c.template make<typename DY::shape>(dy);
    if constexpr (has_bias)
      c.run(layer_norm_back_operation<X::width>{}, t.x, t.statistics, t.weight, dy, out(dx), gradient_of(t.weight),
            gradient_of(t.bias));
    else
      c.run(layer_norm_back_operation<X::width>{}, t.x, t.statistics, t.weight, dy, out(dx), gradient_of(t.weight),
            nothing{});
    return dx;
  }
};

}  // namespace typeformer
