// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/option_checks.hpp>
#include <typeformer/foundation/math.hpp>
#include <typeformer/layers/scale.hpp>

namespace typeformer {

/// y = √width · x, after a token embedding whose table a head shares (Vaswani et al. 2017, arXiv:1706.03762, §3.4);
/// `scale_factor<f>` is another factor.
///
/// x, y [rows][width]. Cost: width FLOPs per row.
template <class... Options> struct scaled_embedding {
  static constexpr bool is_composition = true;  // no parameters to number
  template <index_type Width>
  static constexpr double factor_for = chosen<scale_factor<math::sqrt(double(Width))>, Options...>::value;
  using checked_options = check_options<scaled_embedding, known_options<scale_factor<1.0>>, Options...>;
  template <class In> using infer = In;

  template <class X> struct trace_of {
    X y;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    return trace_of<X>{detail::scaled<factor_for<X::width>>(c, x)};
  }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr DY walk_back(Walk& c, Trace, DY dy, Scope) {
    return detail::scaled<factor_for<DY::width>>(c, dy);
  }
};

}  // namespace typeformer
