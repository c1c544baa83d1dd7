// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/contract/scope.hpp>
#include <typeformer/layers/attention_checks.hpp>
#include <typeformer/layers/attention_operations.hpp>
#include <typeformer/shape/references.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer {

/// The angles by which the keys of a sequence are rotated back when its oldest tokens are dropped: `kept_from` positions.
template <class Table> struct rotary_shift_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return Table::flops(rows); }
};
/// Moves the keys and values of cached tokens `kept_from` places to the front, behind those of the attention sinks, and
/// rotates the keys back by as many positions.
template <class Numbers, class Rotary> struct drop_oldest_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};

namespace detail {

/// What `rotary_positions` passes down: its table, with those angles if the use drops tokens.
template <class Operation, class Passed, class Walk, class Table>
constexpr Passed rotary_table_with_shift(Walk& c, Table table) {
  if constexpr (requires(Passed passed) { passed.shift; }) {
    const auto shift = c.template make<sequence_rows<Operation::width>>();
    c.run(rotary_shift_operation<Operation>{}, out(shift));
    return {table, shift};
  } else return table;
}

template <class Scope> constexpr auto rotary_shift(const Scope& s) {
  if constexpr (has_rotary<Scope>) return value_for<passes::rotary>(s).shift;
  else return nothing{};
}

template <class N, class Walk, class Row, class Keys, class Values, class Scope>
constexpr void cache_keys_and_values(Walk& c, Row row, Keys keys, Values values, const Scope& s) {
  if constexpr (Walk::use::reserved.sinks >= 0)
    c.run(drop_oldest_operation<N, entry_for<passes::rotary, Scope>>{}, rotary_shift(s), out(keys), out(values));
  c.run(cache_operation<N>{}, row, out(keys), out(values));
}

}  // namespace detail

}  // namespace typeformer
