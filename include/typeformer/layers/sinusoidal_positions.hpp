// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/mismatches.hpp>
#include <typeformer/contract/option_checks.hpp>
#include <typeformer/shape/inputs.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

/// Kind of the options that say in which columns sines and cosines stand.
struct sinusoid_columns;
/// Sines in even columns, cosines in odd ones (Vaswani et al. 2017).
struct interleaved_sinusoids {
  using option_kind = sinusoid_columns;
  static constexpr bool in_halves = false;
};
/// Sines in the first half of the columns, cosines in the second (Tensor2Tensor; Marian and PEGASUS).
struct sines_before_cosines {
  using option_kind = sinusoid_columns;
  static constexpr bool in_halves = true;
};

template <index_type Width, number Theta, bool InHalves = false> struct sinusoidal_positions_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * Width; }
};

/// y = x + PE(position) with PE(p, 2i) = sin(p / θ^(2i/width)) and PE(p, 2i + 1) = cos(p / θ^(2i/width)), where θ is
/// 10000 (Vaswani et al. 2017, arXiv:1706.03762, §3.5). `sines_before_cosines` is another order of the columns.
///
/// x, y [rows][width]; no parameters. An odd width is a mismatch. Precondition: position < context, checked by the
/// session. The values are computed where they are added. This happens once per call, so that a table would be read
/// only as often as it is written. Cost: one sine per column.
template <class Context, class Theta = theta<10000.0>, class Columns = interleaved_sinusoids>
struct sinusoidal_positions {
  static constexpr const char* name = "sinusoidal_positions";
  static constexpr index_type context = argument_value<typeformer::context<1>, Context>;
  using checked_options = check_arguments<sinusoidal_positions, expects<typeformer::context<1>, Context>,
                                          expects<theta<1.0>, Theta>, expects<sinusoid_columns, Columns>>;
  template <TokenRows In>
  using infer = std::conditional_t<In::width % 2 == 0, In,
                                   error::sinusoidal_width_is_odd<width<In::width>, sinusoidal_positions>>;

  template <class X> struct trace_of {
    X y;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    const X y = c.template make<typename X::shape>(x);
    c.run(sinusoidal_positions_operation<X::width, argument_value<theta<1.0>, Theta>, Columns::in_halves>{}, x,
          c.template input<token_positions, X::rows_are>(), out(y));
    return trace_of<X>{y};
  }
  template <class Walk, class Trace, class DY, class Scope> static constexpr DY walk_back(Walk&, Trace, DY dy, Scope) {
    return dy;  // dx = dy
  }
};

}  // namespace typeformer
