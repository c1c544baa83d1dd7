// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/contract/gradient_if_any.hpp>
#include <typeformer/contract/option_checks.hpp>
#include <typeformer/layers/norm_options.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

template <index_type Width, number Epsilon, norm_gain Gain = norm_gain::weight> struct rms_norm_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 4 * rows * Width; }
};
template <index_type Width, norm_gain Gain = norm_gain::weight> struct rms_norm_back_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 10 * rows * Width; }
};

/// y = x / √(mean(x²) + ε) · weight over each row (Zhang, Sennrich 2019, arXiv:1910.07467, eq. 4).
///
/// x, y [rows][width]; weight [width], 1 + weight in its place with `unit_offset`, 1 with `without_weight`; ε by
/// `epsilon<…>`, 1e-6 otherwise. Cost: 4 · width FLOPs per row.
template <class... Options> struct rms_norm {
  static constexpr double epsilon_value = chosen<epsilon<1e-6>, Options...>::value;
  static constexpr norm_gain gain = chosen<with_weight, Options...>::gain;
  using checked_options = check_options<rms_norm, known_options<epsilon<1e-6>, norm_weight_option>, Options...>;
  template <class In> using infer = In;

  template <class X, class Weight> struct trace_of {
    X y, x;
    ref<rows<X::rows_are, 1>> inverse_rms;
    Weight weight;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    constexpr index_type width = X::width;
    auto weight = detail::norm_weight<gain, width>(c);
    const X y = c.template make<typename X::shape>(x);
    const auto inverse_rms = c.template make<rows<X::rows_are, 1>>();
    c.run(rms_norm_operation<width, epsilon_value, gain>{}, x, weight, out(y), if_kept(inverse_rms));
    return trace_of<X, decltype(weight)>{y, x, inverse_rms, weight};
  }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr DY walk_back(Walk& c, Trace t, DY dy, Scope) {
    const DY dx = c.template make<typename DY::shape>(dy);
    c.run(rms_norm_back_operation<DY::width, gain>{}, t.x, t.inverse_rms, t.weight, dy, out(dx),
          detail::gradient_if_any(t.weight));
    return dx;
  }
};

}  // namespace typeformer
