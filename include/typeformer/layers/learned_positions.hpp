// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/options.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

template <index Positions, index Width> struct learned_positions_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * Width; }
};
template <index Positions, index Width> struct learned_positions_back_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * Width; }
};

/// y = x + table[position] (Gehring et al. 2017, arXiv:1705.03122, §3.1).
///
/// x, y [rows][width]; table [context][width]. Precondition: 0 ≤ position < context, checked by the session.
template <class Context> struct learned_positions {
  static constexpr const char* name = "position_embedding";
  static constexpr index context = Context::value;
  template <class In> using infer = In;

  template <class X> struct trace_of {
    X y;
    parameter<parameter_kind::table, context, X::width> table;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    c.enter(name);
    const auto table = c.template param<parameter_kind::table, context, X::width>(named_rows{"weight", context});
    c.leave();
    const X y = c.template make<typename X::shape>(x);
    c.run(learned_positions_operation<context, X::width>{}, x, table, out(y));
    return trace_of<X>{y, table};
  }
  template <class Walk, class X, class DY, class Scope>
  static constexpr DY walk_back(Walk& c, trace_of<X> t, DY dy, Scope) {
    c.run(learned_positions_back_operation<context, X::width>{}, dy, gradient_of(t.table));  // dx = dy
    return dy;
  }
};

}  // namespace typeformer
