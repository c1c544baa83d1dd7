// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/option_checks.hpp>
#include <typeformer/layers/scale.hpp>

namespace typeformer {

/// y = F · x: a constant factor of a branch, such as `residual_multiplier` of Hugging Face's Granite.
///
/// x, y [rows][width]. Cost: width FLOPs per row; none if F is 1.
template <number F> struct multiplied {
  static constexpr bool is_composition = true;  // no parameters to number
  using checked_options = check_arguments<multiplied, expects<scale_factor<1.0>, scale_factor<F>>>;
  template <class In> using infer = In;

  template <class X> struct trace_of {
    X y;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    return trace_of<X>{detail::scaled<F>(c, x)};
  }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr DY walk_back(Walk& c, Trace, DY dy, Scope) {
    return detail::scaled<F>(c, dy);
  }
};

}  // namespace typeformer
