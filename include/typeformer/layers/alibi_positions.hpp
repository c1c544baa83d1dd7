// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/options.hpp>
#include <typeformer/layers/position_bias.hpp>

namespace typeformer {

template <index Heads, axis RowsAre> struct alibi_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};

/// Adds −slope · |key position − query position| to every score, each head with a slope of its own: 2^(−8h/H) for heads
/// h = 1 … H of a power of two, in between those of the next one for the rest (Press, Smith, Lewis 2022,
/// arXiv:2108.12409, §3; where keys may come after the query, the nearer one counts more in both directions). The
/// stream goes through unchanged.
template <class Context, class Heads> struct alibi_positions {
  static constexpr const char* name = "alibi_positions";
  static constexpr index context = Context::value, head_count = Heads::value;
  template <class In> using infer = In;

  template <class X, class Scope> struct trace_of {
    X y;
    Scope scope;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope s) {
    using table_type = distance_table<typename Walk::use, X::rows_are, head_count>;
    const auto table = c.template make<typename table_type::shape>();
    c.run(alibi_operation<head_count, X::rows_are>{}, out(table));
    auto inside = with_position_bias(s, position_bias_scope<table_type>{table});
    return trace_of<X, decltype(inside)>{x, inside};
  }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr DY walk_back(Walk&, Trace, DY dy, Scope) {
    return dy;
  }
};

}  // namespace typeformer
