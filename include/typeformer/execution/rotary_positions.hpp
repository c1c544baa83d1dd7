// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/execution/call.hpp>
#include <typeformer/kernels/rotary.hpp>
#include <typeformer/layers/attention_operations.hpp>
#include <typeformer/layers/learned_rotary_positions.hpp>
#include <typeformer/layers/rotary_positions.hpp>
#include <typeformer/layers/rotary_positions_of_layers.hpp>
#include <typeformer/reference/rotary.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

namespace detail {

template <class Pairs>
inline constexpr rotary_pairing pairing_of =
    std::is_same_v<Pairs, half_split_pairs> ? rotary_pairing::half_split : rotary_pairing::adjacent;

template <class Table, class S>
constexpr void write_rotary_table(block_view<const std::int32_t> positions, index_type rows, S* table) {
  reference::rotary_table<S>(rows, positions.data, Table::width, Table::frequency, Table::amplitude, table);
}

/// Rotates queries and keys. Returns how many columns of a row this changes.
template <class N, axis RowsAre, index_type RotaryWidth, class Pairs, class W, class S>
constexpr index_type rotate_heads(rotary_angles<RowsAre, RotaryWidth, Pairs>, const call<W>& c, block_view<const S> row,
                                  const S* table, block_view<S> rotated, bool inverse) {
  kernels::rotate<pairing_of<Pairs>, S>(row.rows, N::heads + N::key_value_heads, N::head_width, RotaryWidth, table, row,
                                        rotated, inverse, c.workers);
  return N::query_width + N::key_width;
}
/// And values, if the angles are for these, too.
template <class N, axis RowsAre, index_type RotaryWidth, class Pairs, bool HasValues, class Parameter, class W, class S>
constexpr index_type rotate_heads(learned_rotary_angles<RowsAre, RotaryWidth, Pairs, HasValues, Parameter>,
                                  const call<W>& c, block_view<const S> row, const S* table, block_view<S> rotated,
                                  bool inverse) {
  constexpr index_type heads = N::heads + N::key_value_heads + (HasValues ? N::key_value_heads : 0);
  kernels::rotate<pairing_of<Pairs>, S>(row.rows, heads, N::head_width, RotaryWidth, table, row, rotated, inverse,
                                        c.workers);
  return heads * N::head_width;
}

/// By the angles of the layer.
template <class N, axis RowsAre, index_type (*Of)(index_type), class... Angles, class W, class S>
constexpr index_type rotate_heads(rotary_angles_of_layers<RowsAre, Of, Angles...>, const call<W>& c,
                                  block_view<const S> row, const S* tables, block_view<S> rotated, bool inverse) {
  const index_type chosen = Of(c.iteration[0]);
  index_type number = 0, changed = 0;
  const auto rotate_if_chosen = [&](auto angles) {
    if (number++ == chosen) changed = rotate_heads<N>(angles, c, row, tables, rotated, inverse);
    tables += row.rows * decltype(angles)::width;
  };
  (rotate_if_chosen(Angles{}), ...);
  return changed;
}

template <class N, class Rotary, class W, class S>
constexpr void rotate_queries_and_keys(const call<W>& c, block_view<const S> row, block_view<const S> table,
                                       block_view<S> rotated, bool inverse) {
  const index_type changed = rotate_heads<N>(Rotary{}, c, row, table.data, rotated, inverse);
  if (row.data == rotated.data) return;
  for (index_type r = 0; r < row.rows; ++r)
    for (index_type k = changed; k < N::row_width; ++k) rotated[r][k] = row[r][k];
}

}  // namespace detail

template <index_type RotaryWidth, number Theta, class Scaling, class W, class S>
constexpr void execute(rotary_table_operation<RotaryWidth, Theta, Scaling>, const call<W>&,
                       block_view<const std::int32_t> positions, block_view<S> table) {
  detail::write_rotary_table<rotary_table_operation<RotaryWidth, Theta, Scaling>>(positions, table.rows, table.data);
}
template <class... Tables, class W, class S>
constexpr void execute(rotary_tables_operation<Tables...>, const call<W>&, block_view<const std::int32_t> positions,
                       block_view<S> tables) {
  S* table = tables.data;
  ((detail::write_rotary_table<Tables>(positions, tables.rows, table), table += tables.rows * Tables::width), ...);
}

template <class N, class Rotary, class W, class S>
constexpr void execute(rotate_operation<N, Rotary>, const call<W>& c, block_view<const S> row,
                       block_view<const S> table, block_view<S> rotated) {
  detail::rotate_queries_and_keys<N, Rotary>(c, row, table, rotated, false);
}
template <class N, class Rotary, class W, class S>
constexpr void execute(rotate_back_operation<N, Rotary>, const call<W>& c, block_view<const S> drow,
                       block_view<const S> table, block_view<S> drotated) {
  detail::rotate_queries_and_keys<N, Rotary>(c, drow, table, drotated, true);
}

}  // namespace typeformer
