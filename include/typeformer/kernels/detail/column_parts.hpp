// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <type_traits>

#include <typeformer/kernels/detail/row_blocks.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA::detail {

/// Calls f(first_column, column_count) for parts that cover all columns, whole cache lines each, on as many workers as the
/// work is worth: sums over rows have one writer, and the same order for any number of workers.
template <class W, class F>
TYPEFORMER_ALWAYS_INLINE void for_each_column_part(index rows, index width, const W& workers, F&& f) {
  constexpr index line = 16;
  const index lines = (width + line - 1) / line, worth = rows * width / elements_per_part;
  const index parts = (std::min)({static_cast<index>(workers.count()), lines, worth});
  if (parts <= 1) return f(index{0}, width);
  workers.for_each(parts, [&](index part) {
    const index first = lines * part / parts * line, end = (std::min)(width, lines * (part + 1) / parts * line);
    f(first, end - first);
  });
}

/// Calls f(column, packs as a constant, n) for groups of four whole packs, then for single ones, then for the rest.
template <class F> TYPEFORMER_ALWAYS_INLINE void for_each_pack_group(index width, F&& f) {
  constexpr index lanes = simd::pack<float>::lanes;
  constexpr std::integral_constant<index, lanes> all{};
  index column = 0;
  for (; column + 4 * lanes <= width; column += 4 * lanes) f(column, std::integral_constant<index, 4>{}, all);
  for (; column + lanes <= width; column += lanes) f(column, std::integral_constant<index, 1>{}, all);
  if (column < width) f(column, std::integral_constant<index, 1>{}, width - column);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA::detail
