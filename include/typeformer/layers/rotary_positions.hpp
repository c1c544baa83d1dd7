// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include <typeformer/contract/option_checks.hpp>
#include <typeformer/contract/scope.hpp>
#include <typeformer/layers/dropped_tokens.hpp>
#include <typeformer/layers/rotary_angles.hpp>
#include <typeformer/layers/rotary_scaling.hpp>
#include <typeformer/shape/inputs.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

template <index_type RotaryWidth, number Theta, class Scaling> struct rotary_table_operation {
  static constexpr index_type width = RotaryWidth;
  static constexpr double amplitude = Scaling::amplitude;
  // Constants, so that a device needs no code for powers.
  static constexpr auto frequencies = [] {
    std::array<double, std::size_t(RotaryWidth / 2)> of_pairs{};
    for (index_type pair = 0; pair < RotaryWidth / 2; ++pair)
      of_pairs[std::size_t(pair)] = Scaling::template frequency<RotaryWidth, Theta>(pair);
    return of_pairs;
  }();
  static constexpr double frequency(index_type pair) { return frequencies[std::size_t(pair)]; }
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * RotaryWidth; }
};

/// Rotary position embedding: passes the angles position · θ^(−2i/width) down to the attention layers, which rotate
/// their queries and keys by them (Su et al. 2021, arXiv:2104.09864, eq. 15). The stream itself passes unchanged.
/// `Scaling` is `position_divisor<D>`, `llama3_frequencies<…>` or `yarn_frequencies<…>`.
///
/// One table per call serves all layers: [rows][width/2 cosines, width/2 sines].
template <class Context, class RotaryWidth, class Pairs = half_split_pairs, class Theta = theta<10000.0>,
          class Scaling = position_divisor<1.0>>
struct rotary_positions {
  static constexpr const char* name = "rotary_positions";
  static constexpr bool positions_move = true;
  static constexpr index_type context = argument_value<typeformer::context<1>, Context>,
                              width = argument_value<rotary_width<2>, RotaryWidth>;
  using checked_options =
      check_arguments<rotary_positions, expects<typeformer::context<1>, Context>, expects<rotary_width<2>, RotaryWidth>,
                      expects<rotary_pairs, Pairs>, expects<theta<1.0>, Theta>, expects<rotary_scaling, Scaling>>;
  template <TokenRows In> using infer = In;
  template <class In> using passes_down = rotary_angles<In::rows_are, width, Pairs>;
  using table_operation = rotary_table_operation<width, argument_value<theta<1.0>, Theta>, Scaling>;

  template <class X, class Passed> struct trace_of {
    X y;
    Passed passed;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    const auto table = c.template make<rows<X::rows_are, width>>();
    c.run(table_operation{}, c.template input<token_positions, X::rows_are>(), out(table));
    using passed = typename passes_down<typename X::shape>::template value<typename Walk::use>;
    return trace_of<X, passed>{x, detail::rotary_table_with_shift<table_operation, passed>(c, table)};
  }
  template <class Walk, class Trace, class DY, class Scope> static constexpr DY walk_back(Walk&, Trace, DY dy, Scope) {
    return dy;
  }
};

}  // namespace typeformer
