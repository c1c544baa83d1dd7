// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>

#include <typeformer/kernels/gemm.hpp>
#include <typeformer/kernels/transpose_block.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

/// How the right operand of a product lies in memory: by rows of inputs, or by rows of outputs.
enum class right_order { inputs_by_outputs, outputs_by_inputs };

namespace detail {

/// Outputs and inputs of the block of the right operand that is copied to the stack: at most 15 KiB, half of a small
/// first-level cache.
inline constexpr index_type block_width = tile_vectors * simd::pack<float>::lanes;
inline constexpr index_type block_depth = std::min<index_type>(3840 / block_width, 128);

/// A block [rows][columns] of a larger matrix.
struct matrix_block {
  const float* data = nullptr;
  index_type rows = 0, columns = 0, stride = 0;
};

/// Prefetches the share [part, end) of `parts` of a block.
TYPEFORMER_ALWAYS_INLINE void prefetch_fraction(const matrix_block& block, index_type part, index_type end,
                                                index_type parts) {
  constexpr index_type line = 16;
  for (index_type row = block.rows * part / parts; row < block.rows * end / parts; ++row)
    for (index_type column = 0; column < block.columns; column += line)
      __builtin_prefetch(block.data + row * block.stride + column, 0, 2);
}

/// Prefetches what the tile of `size` rows at `row` reads, because hardware prefetchers do not follow strides of
/// several KiB.
TYPEFORMER_ALWAYS_INLINE void prefetch_tile(index_type row, index_type size, index_type width, index_type inputs,
                                            left_operand x, rows_view<const float> y) {
  constexpr index_type line = 16;
  if (x.input_step == 1) prefetch_fraction({x.at(row, 0).data, size, inputs, x.row_step}, 0, 1, 1);
  else prefetch_fraction({x.at(row, 0).data, inputs, size, x.input_step}, 0, 1, 1);
  for (index_type i = 0; i < size; ++i)
    for (index_type output = 0; output < width; output += line) __builtin_prefetch(y[row + i] + output, 1, 2);
}

/// Copies a block with `block.columns` <= block_width to a panel [block.rows][block_width]. The remaining lanes are
/// unspecified.
inline void copy_block(const matrix_block& block, float* panel) {
  using pack = simd::pack<float>;
  for (index_type row = 0; row < block.rows; ++row) {
    const float* const from = block.data + row * block.stride;
    float* const to = panel + row * block_width;
    index_type column = 0;
    for (; column + pack::lanes <= block.columns; column += pack::lanes) pack::load(from + column).store(to + column);
    if (column < block.columns) pack::load_partial(from + column, block.columns - column).store(to + column);
  }
}

}  // namespace detail

/// Product of any two matrices: y[row][output] = start + sum over inputs of x[row][input] * w[input][output].
///
/// w is [inputs][outputs] or [outputs][inputs], with rows `w_stride` apart; y is [rows][outputs] and may be the start.
/// Blocks of w are copied to the stack in the order of the tiles (15 KiB at most). y accumulates from block to block,
/// so the sums do not depend on how rows and outputs are distributed.
template <right_order Order>
void gemm_blocked(index_type rows, index_type outputs, index_type inputs, left_operand x, const float* w,
                  index_type w_stride, tile_start start, rows_view<float> y) {
  constexpr index_type lanes = simd::pack<float>::lanes, width = detail::block_width, depth = detail::block_depth;
  alignas(64) float panel[depth * width];
  const auto block_at = [&](index_type output, index_type input) -> detail::matrix_block {
    const index_type n = (std::min)(width, outputs - output), m = (std::min)(depth, inputs - input);
    if constexpr (Order == right_order::inputs_by_outputs) return {w + input * w_stride + output, m, n, w_stride};
    else return {w + output * w_stride + input, n, m, w_stride};
  };
  for (index_type first = 0; first < outputs; first += width) {
    const index_type columns = (std::min)(width, outputs - first);
    const rows_view<float> result{y.data + first, y.stride};
    tile_start from{start.data ? start.data + first : nullptr, start.stride};
    index_type input = 0;
    do {
      const auto block = block_at(first, input);
      if constexpr (Order == right_order::inputs_by_outputs) detail::copy_block(block, panel);
      else
        for (index_type output = 0; output < block.rows; output += lanes)
          detail::transpose_block((std::min)(lanes, block.rows - output), block.columns,
                                  block.data + output * block.stride, block.stride, panel + output, width, true);
      const index_type count = (std::min)(depth, inputs - input), last_rows = std::min<index_type>(rows, tile_rows);
      const auto next = input + depth < inputs    ? block_at(first, input + depth)
                        : first + width < outputs ? block_at(first + width, 0)
                                                  : detail::matrix_block{};
      detail::for_each_tile(rows, tile_rows, [&](index_type row, index_type size) {
        detail::prefetch_fraction(next, row, row + size, rows);
        const index_type ahead = (std::min)(row + size, rows - last_rows);
        detail::prefetch_tile(ahead, last_rows, columns, count, x.at(0, input), result);
        detail::gemm_tile_at(row, size, count, x.at(0, input), panel, width, columns, from, result, {panel, 0});
      });
      from = {result.data, result.stride};
      input += depth;
    } while (input < inputs);
  }
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
