// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <type_traits>

#include <typeformer/kernels/detail/row_blocks.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA::detail {

/// Calls f(first_column, column_count) for parts that cover all columns, in whole cache lines, on as many workers as
/// the work justifies. Sums over rows then have one writer and the same order for any number of workers.
template <class W, class F>
TYPEFORMER_ALWAYS_INLINE void for_each_column_part(index_type rows, index_type width, const W& workers, F&& f) {
  constexpr index_type line = 16;
  const index_type lines = (width + line - 1) / line, worth = rows * width / elements_per_part;
  const index_type parts = (std::min)({static_cast<index_type>(workers.count()), lines, worth});
  if (parts <= 1) return f(index_type{0}, width);
  workers.for_each(parts, [&](index_type part) {
    const index_type first = lines * part / parts * line, end = (std::min)(width, lines * (part + 1) / parts * line);
    f(first, end - first);
  });
}

/// Calls by_columns(first_row, row_count, first_column, column_count) for all elements, in the order of the rows for each
/// column, and after it by_rows(first_row, row_count) for the same rows. One worker makes both passes over a few rows at
/// a time, which the second one then finds in a near cache.
template <class W, class ByColumns, class ByRows>
TYPEFORMER_ALWAYS_INLINE void for_columns_then_rows(index_type rows, index_type width, const W& workers,
                                                    ByColumns&& by_columns, ByRows&& by_rows) {
  constexpr index_type rows_at_once = 16;
  if (workers.count() <= 1) {
    for (index_type row = 0; row < rows; row += rows_at_once) {
      const index_type count = (std::min)(rows_at_once, rows - row);
      by_columns(row, count, index_type{0}, width);
      by_rows(row, count);
    }
    return;
  }
  for_each_column_part(rows, width, workers,
                       [&](index_type first, index_type count) { by_columns(index_type{0}, rows, first, count); });
  for_each_row_block(rows, width, workers, by_rows);
}

/// Calls f(column, packs as a constant, n) for groups of four whole packs, then for single packs, then for the rest.
template <class F> TYPEFORMER_ALWAYS_INLINE void for_each_pack_group(index_type width, F&& f) {
  constexpr index_type lanes = simd::pack<float>::lanes;
  constexpr std::integral_constant<index_type, lanes> all{};
  // Ends are counted in packs: with sums of columns, g++ 12 at -O3 warns of an overflow in a loop that never runs.
  const index_type packs = width / lanes, fours = packs / 4;
  for (index_type four = 0; four < fours; ++four) f(4 * four * lanes, std::integral_constant<index_type, 4>{}, all);
  for (index_type p = 4 * fours; p < packs; ++p) f(p * lanes, std::integral_constant<index_type, 1>{}, all);
  if (const index_type column = packs * lanes; column < width)
    f(column, std::integral_constant<index_type, 1>{}, width - column);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA::detail
