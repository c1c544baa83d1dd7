// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/options.hpp>
#include <typeformer/contract/scope.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

/// Which two columns of a head turn together: neighbours (Su et al.; GPT-J) or column i and i + width/2 (GPT-NeoX,
/// Llama).
struct adjacent_pairs {};
struct half_split_pairs {};

/// How many columns of each head are turned.
template <index N> struct rotary_width { static constexpr index value = N; };

/// Positions are divided by this number before they turn anything, so that a longer text fits into the angles that a model
/// knows (Chen et al. 2023, arXiv:2306.15595, §3.2).
template <number D> struct position_divisor { static constexpr double value = D.value; };

template <index RotaryWidth, number Theta, number Divisor> struct rotary_table_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * RotaryWidth; }
};

/// What `rotary_positions` passes down: the table [rows][cosines, sines] and how to use it.
template <index RotaryWidth, class Pairs> struct rotary_scope {
  static constexpr index width = RotaryWidth;
  using pairs = Pairs;
  ref<token_rows<RotaryWidth>> table;
};

/// Rotary position embedding: passes the angles position · θ^(−2i/width) down to the attention layers, which turn their
/// queries and keys by them (Su et al. 2021, arXiv:2104.09864, eq. 15). The stream itself goes through unchanged.
///
/// One table a call serves all layers: [rows][width/2 cosines, width/2 sines].
template <class Context, class RotaryWidth, class Pairs = half_split_pairs, class Theta = theta<10000.0>,
          class Divisor = position_divisor<1.0>>
struct rotary_positions {
  static constexpr const char* name = "rotary_positions";
  static constexpr index context = Context::value;
  template <class In> using infer = In;
  template <class Scope>
  using scope_below = decltype(with_rotary(Scope{}, rotary_scope<RotaryWidth::value, Pairs>{}));

  template <class X, class Scope> struct trace_of {
    X y;
    Scope scope;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope s) {
    const auto table = c.template make<token_rows<RotaryWidth::value>>();
    c.run(rotary_table_operation<RotaryWidth::value, Theta::value, Divisor::value>{}, out(table));
    auto inside = with_rotary(s, rotary_scope<RotaryWidth::value, Pairs>{table});
    return trace_of<X, decltype(inside)>{x, inside};
  }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr DY walk_back(Walk&, Trace, DY dy, Scope) {
    return dy;
  }
};

}  // namespace typeformer
