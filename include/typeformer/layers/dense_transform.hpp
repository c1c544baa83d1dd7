// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/composition/named.hpp>
#include <typeformer/composition/sequential.hpp>
#include <typeformer/contract/option_checks.hpp>
#include <typeformer/layers/activation.hpp>
#include <typeformer/layers/layer_norm.hpp>
#include <typeformer/layers/linear.hpp>

namespace typeformer {

namespace detail {

/// A dense layer with a function, and a norm after it unless it is `nothing`.
template <index_type Width, class Function, class Norm, class Bias>
using transform_layers =
    std::conditional_t<std::is_same_v<Norm, nothing>,
                       sequential<named<"dense", linear<Width, Bias>>, activation<Function>>,
                       sequential<named<"dense", linear<Width, Bias>>, activation<Function>, named<"norm", Norm>>>;

}  // namespace detail

/// y = Norm(Function(x Wᵀ + b)), as wide as x: what a head makes of its rows before it classifies them. ELECTRA's
/// discriminator has it without a norm (Clark et al. 2020, arXiv:2003.10555, in its published code), the heads of
/// ModernBERT with one (Warner et al. 2024, arXiv:2412.13663, in its published code).
///
/// x, y [rows][width]; W [width][width]; b [width], or none with `without_bias`. `Norm` is a norm, or `nothing`. Cost:
/// 2 · width² FLOPs per row.
template <class Function, class Norm = nothing, class Bias = with_bias> struct dense_transform {
  static constexpr const char* name = "transform";
  using checked_options = both_checks<detail::checked_function<Function, dense_transform>,
                                      check_arguments<dense_transform, expects<bias_option, Bias>>>;
  template <class In> using infer = In;
  template <index_type Width> using layers = detail::transform_layers<Width, Function, Norm, Bias>;

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope s) {
    c.enter(name);
    auto trace = layers<X::width>::walk(c, x, s);
    c.leave();
    return trace;
  }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr auto walk_back(Walk& c, Trace t, DY dy, Scope s) {
    return layers<DY::width>::walk_back(c, t, dy, s);
  }
};

}  // namespace typeformer
