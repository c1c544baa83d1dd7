// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <type_traits>

#include <typeformer/kernels/detail/row_blocks.hpp>
#include <typeformer/kernels/gemm_blocked.hpp>
#include <typeformer/kernels/linear.hpp>
#include <typeformer/parallel/workers.hpp>
#include <typeformer/reference/linear.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

namespace detail {

/// Splits a product [rows][outputs] into rectangles f(row, rows, output, outputs): whole blocks of outputs and, if
/// those are fewer than the workers, whole tiles of rows.
template <Workers W, class F>
TYPEFORMER_ALWAYS_INLINE void deal_product(index_type rows, index_type outputs, index_type inputs, const W& workers,
                                           F&& f) {
  const index_type blocks = (outputs + block_width - 1) / block_width, tiles = (rows + tile_rows - 1) / tile_rows;
  const index_type count = workers.count();
  const index_type wanted = count > 1 ? (2 * count + blocks - 1) / blocks : 1;
  const index_type groups = (std::min)(wanted, tiles), group_rows = (tiles + groups - 1) / groups * tile_rows;
  deal(groups * blocks, units_of_a_part(group_rows * block_width * inputs), workers,
       [&](index_type unit, index_type end) {
         while (unit < end) {
           const index_type group = unit / blocks, next = (std::min)(end, (group + 1) * blocks);
           const index_type row = group * group_rows, first = (unit - group * blocks) * block_width;
           const index_type last = (std::min)((next - group * blocks) * block_width, outputs);
           if (row < rows) f(row, (std::min)(group_rows, rows - row), first, last - first);
           unit = next;
         }
       });
}

/// sums[column] += the sum over rows of x[row][column].
inline void add_column_sums(index_type rows, index_type columns, rows_view<const float> x, float* sums) {
  for_each_pack(columns, [&](index_type column, auto n) {
    simd::pack<float> sum = load(sums + column, n);
    for (index_type row = 0; row < rows; ++row) sum = sum + load(x[row] + column, n);
    store(sum, sums + column, n);
  });
}

}  // namespace detail

/// Gradient of `linear` with respect to its rows: dx = dy W is written.
///
/// dy [rows][outputs], w [outputs][inputs] in canonical order, dx [rows][inputs], which must not overlap dy.
/// Cost: 2 * rows * outputs * inputs FLOPs; 15 KiB of stack. Scalars other than `float` and constant evaluation use
/// `reference::linear_back`.
template <class Scalar, Workers W>
constexpr void linear_input_gradient(index_type rows, rows_view<const std::type_identity_t<Scalar>> dy,
                                     row_major_view<const std::type_identity_t<Scalar>> w, rows_view<Scalar> dx,
                                     const W& workers) {
  if (rows <= 0 || w.inputs <= 0) return;
  if constexpr (std::is_same_v<Scalar, float>)
    if (!std::is_constant_evaluated())
      return detail::deal_product(rows, w.inputs, w.outputs, workers,
                                  [&](index_type row, index_type row_count, index_type first, index_type count) {
                                    gemm_blocked<right_order::inputs_by_outputs>(row_count, count, w.outputs,
                                                                                 dy.from(row), w.data + first, w.inputs,
                                                                                 {}, {dx[row] + first, dx.stride});
                                  });
  reference::linear_back<Scalar>(rows, {}, w, dy, dx, {}, nullptr);
}

/// Gradients of `linear` with respect to its parameters: dW += dy^T x and db += sum over rows of dy.
///
/// x [rows][inputs], dy [rows][outputs], dw [outputs][inputs] in canonical order, dbias [outputs] or null.
/// Cost: 2 * rows * outputs * inputs FLOPs; 15 KiB of stack. Every element is summed by one worker in the order of the
/// rows.
template <class Scalar, Workers W>
constexpr void linear_weight_gradient(index_type rows, rows_view<const std::type_identity_t<Scalar>> x,
                                      rows_view<const std::type_identity_t<Scalar>> dy, row_major_view<Scalar> dw,
                                      std::type_identity_t<Scalar>* dbias, const W& workers) {
  if (rows <= 0 || dw.outputs <= 0) return;
  if constexpr (std::is_same_v<Scalar, float>)
    if (!std::is_constant_evaluated()) {
      if (dbias)
        detail::deal(dw.outputs, detail::units_of_a_part(rows), workers, [&](index_type first, index_type end) {
          detail::add_column_sums(rows, end - first, {dy.data + first, dy.stride}, dbias + first);
        });
      if (dw.inputs <= 0) return;
      return detail::deal_product(dw.outputs, dw.inputs, rows, workers,
                                  [&](index_type output, index_type output_count, index_type first, index_type count) {
                                    const rows_view<float> block{dw.data + output * dw.inputs + first, dw.inputs};
                                    gemm_blocked<right_order::inputs_by_outputs>(
                                        output_count, count, rows, {dy.data + output, 1, dy.stride}, x.data + first,
                                        x.stride, {block.data, block.stride}, block);
                                  });
    }
  reference::linear_back<Scalar>(rows, x, dw, dy, {}, dw, dbias);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
