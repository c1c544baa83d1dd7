// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/kernels/detail/attention_scores.hpp>
#include <typeformer/kernels/detail/row_blocks.hpp>
#include <typeformer/kernels/gemm_tile.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA::detail {

/// Rows and packs of a register block.
inline constexpr int back_rows = TYPEFORMER_VECTOR_REGISTERS >= 32 ? 8 : 4, back_packs = 2;

/// Calls f(row count as a constant, first row) for groups of `back_rows` rows, then for the rest one by one.
template <class F> TYPEFORMER_ALWAYS_INLINE void for_each_back_group(index_type rows, F&& f) {
  index_type row = 0;
  for (; row + back_rows <= rows; row += back_rows) f(std::integral_constant<int, back_rows>{}, row);
  for (; row < rows; ++row) f(std::integral_constant<int, 1>{}, row);
}

/// y[row] += sum over d of a(row, d) b[d], for `Packs` packs of columns, the last of n lanes.
template <int Rows, int Packs, class N>
TYPEFORMER_ALWAYS_INLINE void add_products(index_type depth, left_operand a, rows_view<const float> b,
                                           rows_view<float> y, N n) {
  using pack = simd::pack<float>;
  pack sums[Rows][Packs];
  TYPEFORMER_UNROLL
  for (int row = 0; row < Rows; ++row) TYPEFORMER_UNROLL
  for (int p = 0; p < Packs; ++p) sums[row][p] = load(y[row] + p * pack::lanes, n);
  for (index_type d = 0; d < depth; ++d) {
    pack right[Packs];
    TYPEFORMER_UNROLL
    for (int p = 0; p < Packs; ++p) right[p] = load(b.data + p * pack::lanes, n);
    TYPEFORMER_UNROLL
    for (int row = 0; row < Rows; ++row) {
      const pack left(a.data[row * a.row_step]);
      TYPEFORMER_UNROLL
      for (int p = 0; p < Packs; ++p) sums[row][p] = fma(left, right[p], sums[row][p]);
    }
    a.data += a.input_step;
    b.data += b.stride;
  }
  TYPEFORMER_UNROLL
  for (int row = 0; row < Rows; ++row) TYPEFORMER_UNROLL
  for (int p = 0; p < Packs; ++p) store(sums[row][p], y[row] + p * pack::lanes, n);
}

template <int Rows>
TYPEFORMER_NOINLINE void add_products(index_type width, index_type depth, left_operand a, rows_view<const float> b,
                                      rows_view<float> y) {
  constexpr index_type lanes = simd::pack<float>::lanes;
  constexpr std::integral_constant<index_type, lanes> all{};
  index_type column = 0;
  const auto from_column = [&](auto rows) { return decltype(rows){rows.data + column, rows.stride}; };
  for (; column + back_packs * lanes <= width; column += back_packs * lanes)
    add_products<Rows, back_packs>(depth, a, from_column(b), from_column(y), all);
  for (; column + lanes <= width; column += lanes) add_products<Rows, 1>(depth, a, from_column(b), from_column(y), all);
  if (column < width) add_products<Rows, 1>(depth, a, from_column(b), from_column(y), width - column);
}

/// `score_packs` out of line: the registers of its loop suffice only when nothing around it wants one.
template <int Rows, int Packs>
TYPEFORMER_NOINLINE void score_packs_apart(rows_view<const float> q, index_type width, const float* panels,
                                           index_type first_key, float scale, rows_view<float> scores) {
  score_packs<Rows, Packs>(q, width, panels, first_key, scale, scores);
}

/// scores[row][key] = scale q[row] . k for keys [first, end) of a block of panels, both multiples of key_block.
template <int Rows>
void score_keys(rows_view<const float> q, index_type width, const float* panels, index_type first, index_type end,
                float scale, rows_view<float> scores) {
  constexpr index_type lanes = simd::pack<float>::lanes;
  index_type key = first;
  for (; key + back_packs * lanes <= end; key += back_packs * lanes)
    score_packs_apart<Rows, back_packs>(q, width, panels, key, scale, {scores.data + key, scores.stride});
  for (; key < end; key += lanes)
    score_packs_apart<Rows, 1>(q, width, panels, key, scale, {scores.data + key, scores.stride});
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA::detail
