// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/execution/call.hpp>
#include <typeformer/kernels/rotary.hpp>
#include <typeformer/layers/attention_operations.hpp>
#include <typeformer/layers/rotary_positions.hpp>
#include <typeformer/reference/rotary.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

namespace detail {

template <class Pairs>
inline constexpr rotary_pairing pairing_of =
    std::is_same_v<Pairs, half_split_pairs> ? rotary_pairing::half_split : rotary_pairing::adjacent;

template <class N, class Rotary, class W, class S>
constexpr void rotate_queries_and_keys(const call<W>& c, block_view<const S> row, block_view<const S> table,
                                       block_view<S> rotated, bool inverse) {
  kernels::rotate<pairing_of<typename Rotary::pairs>, S>(row.rows, N::heads + N::key_value_heads, N::head_width,
                                                         Rotary::width, table.data, row, rotated, inverse, c.workers);
  if (row.data == rotated.data) return;
  for (index_type r = 0; r < row.rows; ++r)
    for (index_type k = N::row_width - N::key_width; k < N::row_width; ++k) rotated[r][k] = row[r][k];
}

}  // namespace detail

template <index_type RotaryWidth, number Theta, number Divisor, class W, class S>
constexpr void execute(rotary_table_operation<RotaryWidth, Theta, Divisor>, const call<W>&,
                       block_view<const std::int32_t> positions, block_view<S> table) {
  reference::rotary_table<S>(table.rows, positions.data, RotaryWidth, Theta.value, table.data, Divisor.value);
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
