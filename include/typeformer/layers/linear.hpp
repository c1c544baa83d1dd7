// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/option_checks.hpp>
#include <typeformer/contract/scope.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

template <index_type Inputs, index_type Outputs> struct linear_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 2 * rows * Inputs * Outputs; }
};
template <index_type Inputs, index_type Outputs> struct linear_back_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 4 * rows * Inputs * Outputs; }
};

/// The affine map that layers share: weights [outputs][inputs] and, unless left out, a bias [outputs]. Each consists of
/// one or more named parts that follow one another.
template <index_type Inputs, index_type Outputs, bool HasBias> struct affine {
  using weight_parameter = parameter<parameter_kind::matrix, Outputs, Inputs>;
  using bias_parameter = std::conditional_t<HasBias, parameter<parameter_kind::vector, Outputs, 1>, nothing>;

  template <class X> struct trace_of {
    ref<rows<X::rows_are, Outputs>> y;
    X x;
    weight_parameter weight;
    bias_parameter bias;
  };

  template <class Walk, class X>
  static constexpr auto walk(Walk& c, X x, weight_parameter weight, bias_parameter bias) {
    const auto y = c.template make<rows<X::rows_are, Outputs>>();
    c.run(linear_operation<Inputs, Outputs>{}, x, weight, bias, out(y));
    return trace_of<X>{y, x, weight, bias};
  }
  template <class Walk, class X, class DY> static constexpr X walk_back(Walk& c, trace_of<X> t, DY dy) {
    const auto dx = c.template make<typename X::shape>();
    if constexpr (HasBias)
      c.run(linear_back_operation<Inputs, Outputs>{}, t.x, t.weight, dy, out(dx), gradient_of(t.weight),
            gradient_of(t.bias));
    else c.run(linear_back_operation<Inputs, Outputs>{}, t.x, t.weight, dy, out(dx), gradient_of(t.weight), nothing{});
    return dx;
  }
};

/// y = x Wᵀ + b.
///
/// x [rows][inputs], W [outputs][inputs], b [outputs] (unless `without_bias`), y [rows][outputs]. Cost: 2 · inputs ·
/// outputs FLOPs per row.
template <index_type Outputs, class... Options> struct linear {
  static constexpr bool has_bias = !has_option<without_bias, Options...>;
  using checked_options = check_options<linear, known_options<with_bias, without_bias>, Options...>;
  template <class In> using infer = rows<In::rows_are, Outputs>;

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    using map = affine<X::width, Outputs, has_bias>;
    const auto weight = c.template param<parameter_kind::matrix, Outputs, X::width>(named_rows{"weight", Outputs});
    if constexpr (has_bias)
      return map::walk(c, x, weight, c.template param<parameter_kind::vector, Outputs, 1>(named_rows{"bias", Outputs}));
    else return map::walk(c, x, weight, nothing{});
  }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr auto walk_back(Walk& c, Trace t, DY dy, Scope) {
    return affine<decltype(t.x)::width, Outputs, has_bias>::walk_back(c, t, dy);
  }
};

}  // namespace typeformer
