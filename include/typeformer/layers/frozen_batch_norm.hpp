// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/contract/option_checks.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

template <index_type Width, number Epsilon> struct frozen_batch_norm_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 4 * rows * Width; }
};
template <index_type Width, number Epsilon> struct frozen_batch_norm_back_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 6 * rows * Width; }
};

/// y = (x − mean) / √(variance + ε) · weight + bias, with the mean and the variance of each column that an earlier
/// training found (Ioffe, Szegedy 2015, arXiv:1502.03167, alg. 2): batch normalization as it computes in inference, in
/// training too.
///
/// x, y [rows][width]; weight, bias, running_mean, running_var [width]; ε by `epsilon<…>`, 1e-5 otherwise. The
/// gradients of mean and variance are 0, so an optimizer without weight decay leaves them as they are. Cost: 4 · width
/// FLOPs per row.
template <class... Options> struct frozen_batch_norm {
  static constexpr double epsilon_value = chosen<epsilon<1e-5>, Options...>::value;
  using checked_options = check_options<frozen_batch_norm, known_options<epsilon<1e-5>>, Options...>;
  template <class In> using infer = In;

  template <class X> struct trace_of {
    using vector = parameter<parameter_kind::vector, X::width, 1>;
    X y, x;
    vector weight, bias, mean, variance;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    constexpr index_type width = X::width;
    const auto weight = c.template param<parameter_kind::vector, width, 1>(named_rows{"weight", width});
    const auto bias = c.template param<parameter_kind::vector, width, 1>(named_rows{"bias", width});
    const auto mean = c.template param<parameter_kind::vector, width, 1>(named_rows{"running_mean", width});
    const auto variance = c.template param<parameter_kind::vector, width, 1>(named_rows{"running_var", width});
    const X y = c.template make<typename X::shape>(x);
    c.run(frozen_batch_norm_operation<width, epsilon_value>{}, x, weight, bias, mean, variance, out(y));
    return trace_of<X>{y, x, weight, bias, mean, variance};
  }
  template <class Walk, class X, class DY, class Scope>
  static constexpr DY walk_back(Walk& c, trace_of<X> t, DY dy, Scope) {
    const DY dx = c.template make<typename DY::shape>(dy);
    c.run(frozen_batch_norm_back_operation<X::width, epsilon_value>{}, t.x, t.weight, t.mean, t.variance, dy, out(dx),
          gradient_of(t.weight), gradient_of(t.bias));
    return dx;
  }
};

}  // namespace typeformer
