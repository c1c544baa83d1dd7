// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/contract/option_checks.hpp>
#include <typeformer/contract/scope.hpp>
#include <typeformer/layers/rotary_angles.hpp>
#include <typeformer/shape/inputs.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

/// Positions are divided by this number before the rotation, so that a longer text fits into the angles that a model
/// was trained with (Chen et al. 2023, arXiv:2306.15595, §3.2).
template <number D> struct position_divisor {
  static constexpr double value = D.value;
  static constexpr bool in_range = value > 0 && value <= largest_number;
};

template <index_type RotaryWidth, number Theta, number Divisor> struct rotary_table_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * RotaryWidth; }
};

/// Rotary position embedding: passes the angles position · θ^(−2i/width) down to the attention layers, which rotate
/// their queries and keys by them (Su et al. 2021, arXiv:2104.09864, eq. 15). The stream itself passes unchanged.
///
/// One table per call serves all layers: [rows][width/2 cosines, width/2 sines].
template <class Context, class RotaryWidth, class Pairs = half_split_pairs, class Theta = theta<10000.0>,
          class Divisor = position_divisor<1.0>>
struct rotary_positions {
  static constexpr const char* name = "rotary_positions";
  static constexpr index_type context = argument_value<typeformer::context<1>, Context>,
                              width = argument_value<rotary_width<2>, RotaryWidth>;
  using checked_options = check_arguments<rotary_positions, expects<typeformer::context<1>, Context>,
                                          expects<rotary_width<2>, RotaryWidth>, expects<rotary_pairs, Pairs>,
                                          expects<theta<1.0>, Theta>, expects<position_divisor<1.0>, Divisor>>;
  template <TokenRows In> using infer = In;
  template <class In> using passes_down = rotary_angles<In::rows_are, width, Pairs>;

  template <class X> struct trace_of {
    X y;
    ref<rows<X::rows_are, width>> passed;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    const auto table = c.template make<rows<X::rows_are, width>>();
    c.run(rotary_table_operation<width, argument_value<theta<1.0>, Theta>,
                                 argument_value<position_divisor<1.0>, Divisor>>{},
          c.template input<token_positions, X::rows_are>(), out(table));
    return trace_of<X>{x, table};
  }
  template <class Walk, class Trace, class DY, class Scope> static constexpr DY walk_back(Walk&, Trace, DY dy, Scope) {
    return dy;
  }
};

}  // namespace typeformer
