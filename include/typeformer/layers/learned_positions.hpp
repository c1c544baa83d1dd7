// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/option_checks.hpp>
#include <typeformer/shape/inputs.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

template <index_type FirstRow, index_type Width> struct learned_positions_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * Width; }
};
template <index_type FirstRow, index_type Width> struct learned_positions_back_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * Width; }
};
/// The same with position mod Period.
template <index_type FirstRow, index_type Width, index_type Period>
struct repeated_positions_operation : learned_positions_operation<FirstRow, Width> {};
template <index_type FirstRow, index_type Width, index_type Period>
struct repeated_positions_back_operation : learned_positions_back_operation<FirstRow, Width> {};

/// The row of the table for position 0. The rows before it are for negative positions.
template <index_type N> struct first_position_row {
  static constexpr index_type value = N;
  static constexpr bool in_range = N >= 0;
};

/// Positions count from 0 again after every N tokens.
template <index_type N> struct position_period {
  static constexpr index_type value = N;
  static constexpr bool in_range = N > 0;
};

/// y = x + table[position] (Gehring et al. 2017, arXiv:1705.03122, §3.1).
///
/// x, y [rows][width]; table [context][width]. Precondition: 0 ≤ position < context, checked by the session. With
/// `first_position_row<R>` the table has R more rows and position 0 reads row R. Position −1, padding, then has a row
/// too, whose gradient is left out (RoBERTa, in its published code). With `position_period<N>` the table has N rows, and
/// position p reads row p mod N: each channel of a time series has the same positions.
template <class Context, class... Options> struct learned_positions {
  static constexpr const char* name = "position_embedding";
  static constexpr index_type context = argument_value<typeformer::context<1>, Context>,
                              first_row = chosen<first_position_row<0>, Options...>::value,
                              period = chosen<position_period<context>, Options...>::value,
                              table_rows = period + first_row;
  using checked_options = both_checks<
      check_arguments<learned_positions, expects<typeformer::context<1>, Context>>,
      check_options<learned_positions, known_options<first_position_row<0>, position_period<1>>, Options...>>;
  static constexpr index_type lowest_position = -first_row;
  template <TokenRows In> using infer = In;

  template <class X> struct trace_of {
    X y;
    parameter<parameter_kind::table, table_rows, X::width> table;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    c.enter(name);
    const auto table = c.template param<parameter_kind::table, table_rows, X::width>(named_rows{"weight", table_rows});
    c.leave();
    const X y = c.template make<typename X::shape>(x);
    c.run(operation<X::width>{}, x, c.template input<token_positions, X::rows_are>(), table, out(y));
    return trace_of<X>{y, table};
  }
  template <class Walk, class X, class DY, class Scope>
  static constexpr DY walk_back(Walk& c, trace_of<X> t, DY dy, Scope) {
    c.run(back_operation<X::width>{}, dy, c.template input<token_positions, X::rows_are>(),
          gradient_of(t.table));  // dx = dy
    return dy;
  }

 private:
  static constexpr bool repeats = gives_option<position_period<1>, Options...>;
  template <index_type Width>
  using operation = std::conditional_t<repeats, repeated_positions_operation<first_row, Width, period>,
                                       learned_positions_operation<first_row, Width>>;
  template <index_type Width>
  using back_operation = std::conditional_t<repeats, repeated_positions_back_operation<first_row, Width, period>,
                                            learned_positions_back_operation<first_row, Width>>;
};

}  // namespace typeformer
