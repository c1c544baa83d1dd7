// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/gradient_if_any.hpp>
#include <typeformer/contract/option_checks.hpp>
#include <typeformer/contract/scope.hpp>
#include <typeformer/layers/norm_options.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

template <index_type Width, number Epsilon, norm_gain Gain = norm_gain::weight> struct layer_norm_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 8 * rows * Width; }
};
template <index_type Width, norm_gain Gain = norm_gain::weight> struct layer_norm_back_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 14 * rows * Width; }
};

/// y = (x − mean(x)) / √(var(x) + ε) · weight + bias over each row (Ba, Kiros, Hinton 2016, arXiv:1607.06450, eq. 3–4).
///
/// x, y [rows][width]; weight, bias [width] (no bias with `without_bias`, no parameters with `without_weight`, and
/// 1 + weight in place of weight with `unit_offset`); ε by `epsilon<…>`, 1e-5 otherwise. Cost: 8 · width FLOPs per row.
template <class... Options> struct layer_norm {
  static constexpr norm_gain gain = chosen<with_weight, Options...>::gain;
  static constexpr bool has_bias = gain != norm_gain::one && !has_option<without_bias, Options...>;
  static constexpr double epsilon_value = chosen<epsilon<1e-5>, Options...>::value;
  using checked_options = both_checks<
      check_options<layer_norm, known_options<epsilon<1e-5>, with_bias, without_bias, norm_weight_option>, Options...>,
      std::conditional_t<gain == norm_gain::one && has_option<with_bias, Options...>,
                         error::options_contradict_one_another<without_weight, with_bias, layer_norm>, nothing>>;
  template <class In> using infer = In;

  template <class X, class Weight, class Bias> struct trace_of {
    X y, x;
    ref<rows<X::rows_are, 2>> statistics;  // the difference of the mean from the first number, and 1/σ
    Weight weight;
    Bias bias;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    constexpr index_type width = X::width;
    auto weight = detail::norm_weight<gain, width>(c);
    auto bias = [&] {
      if constexpr (has_bias) return c.template param<parameter_kind::vector, width, 1>(named_rows{"bias", width});
      else return nothing{};
    }();
    const X y = c.template make<typename X::shape>(x);
    const auto statistics = c.template make<rows<X::rows_are, 2>>();
    c.run(layer_norm_operation<width, epsilon_value, gain>{}, x, weight, bias, out(y), if_kept(statistics));
    return trace_of<X, decltype(weight), decltype(bias)>{y, x, statistics, weight, bias};
  }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr DY walk_back(Walk& c, Trace t, DY dy, Scope) {
    const DY dx = c.template make<typename DY::shape>(dy);
    c.run(layer_norm_back_operation<DY::width, gain>{}, t.x, t.statistics, t.weight, dy, out(dx),
          detail::gradient_if_any(t.weight), detail::gradient_if_any(t.bias));
    return dx;
  }
};

}  // namespace typeformer
