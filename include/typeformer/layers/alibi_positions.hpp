// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/contract/option_checks.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/position_bias.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer {

template <index_type Heads, axis RowsAre> struct alibi_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};

/// Adds −slope · |key position − query position| to every score. Each head has its own slope: 2^(−8h/H) for heads h = 1
/// … H if H is a power of two; otherwise the remaining heads have slopes between them, from the next power of two
/// (Press, Smith, Lewis 2022, arXiv:2108.12409, §3). If keys may come after the query, the distance counts in both
/// directions. The stream passes unchanged.
template <class Context, class Heads> struct alibi_positions {
  static constexpr const char* name = "alibi_positions";
  static constexpr index_type context = argument_value<typeformer::context<1>, Context>,
                              head_count = argument_value<heads<1>, Heads>;
  using checked_options =
      check_arguments<alibi_positions, expects<typeformer::context<1>, Context>, expects<heads<1>, Heads>>;
  template <TokenRows In> using infer = In;

  template <class In> using passes_down = position_bias<head_count, In::rows_are, true>;

  template <class X, class Passed> struct trace_of {
    X y;
    Passed passed;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    using bias = typename passes_down<typename X::shape>::template value<typename Walk::use>;
    const auto table = c.template make<typename decltype(bias::table)::shape>();
    c.run(alibi_operation<head_count, X::rows_are>{}, out(table));
    return trace_of<X, bias>{x, bias{table, {}}};
  }
  template <class Walk, class Trace, class DY, class Scope> static constexpr DY walk_back(Walk&, Trace, DY dy, Scope) {
    return dy;
  }
};

}  // namespace typeformer
