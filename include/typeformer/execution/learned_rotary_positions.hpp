// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/execution/call.hpp>
#include <typeformer/execution/rotary_positions.hpp>
#include <typeformer/layers/learned_rotary_positions.hpp>
#include <typeformer/reference/rotary.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

template <index_type RotaryWidth, class W, class S>
constexpr void execute(learned_rotary_table_operation<RotaryWidth>, const call<W>&,
                       block_view<const std::int32_t> positions, row_major_view<const S> weight, block_view<S> table) {
  constexpr index_type pairs = RotaryWidth / 2;
  for (index_type row = 0; row < table.rows; ++row) {
    const S* const angles = weight.data + *positions[row] * RotaryWidth;
    for (index_type pair = 0; pair < pairs; ++pair) {
      table[row][pair] = angles[pairs + pair];
      table[row][pairs + pair] = angles[pair];
    }
  }
}

/// Of each pair (a, b) that became (a cos − b sin, a sin + b cos).
template <class N, index_type RotaryWidth, class Pairs, bool HasValues, class W, class S>
constexpr void execute(learned_rotary_back_operation<N, RotaryWidth, Pairs, HasValues>, const call<W>&,
                       block_view<const S> row, block_view<const S> drotated, block_view<const std::int32_t> positions,
                       row_major_view<S> dweight) {
  constexpr bool is_adjacent = detail::pairing_of<Pairs> == rotary_pairing::adjacent;
  constexpr index_type pairs = RotaryWidth / 2, step = is_adjacent ? 2 : 1, partner = is_adjacent ? 1 : pairs;
  constexpr index_type heads = N::heads + N::key_value_heads + (HasValues ? N::key_value_heads : 0);
  for (index_type r = 0; r < row.rows; ++r) {
    S* const dangles = dweight.data + *positions[r] * RotaryWidth;
    for (index_type head = 0; head < heads; ++head) {
      const S *const x = row[r] + head * N::head_width, *const dy = drotated[r] + head * N::head_width;
      for (index_type pair = 0; pair < pairs; ++pair) {
        const S a = x[step * pair], b = x[step * pair + partner];
        const S da = dy[step * pair], db = dy[step * pair + partner];
        dangles[pair] += db * a - da * b;
        dangles[pairs + pair] += da * a + db * b;
      }
    }
  }
}

}  // namespace typeformer
