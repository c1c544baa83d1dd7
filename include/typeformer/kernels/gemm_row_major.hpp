// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/kernels/detail/four_dots.hpp>
#include <typeformer/kernels/gemm_blocked.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

namespace detail {

inline constexpr int dot_outputs = 4;

/// y[output] = bias[output] + the dot product of x and w[output], for `outputs` <= 4 outputs at once. The inputs are
/// split among up to four sets of accumulators.
///
/// For fewer outputs, the row of the last one is read in place of the missing ones.
TYPEFORMER_NOINLINE inline void dot_tile(index_type inputs, const float* x, const float* w, index_type w_stride,
                                         const float* bias, float* y, index_type outputs) {
  using pack = simd::pack<float>;
  constexpr int ways = TYPEFORMER_VECTOR_REGISTERS >= 32 ? 4 : TYPEFORMER_VECTOR_REGISTERS >= 16 ? 2 : 1;
  const float* weights[dot_outputs];
  TYPEFORMER_UNROLL
  for (int output = 0; output < dot_outputs; ++output)
    weights[output] = w + (output < outputs ? output : outputs - 1) * w_stride;
  pack sum[ways][dot_outputs];
  TYPEFORMER_UNROLL
  for (int way = 0; way < ways; ++way) TYPEFORMER_UNROLL
  for (int output = 0; output < dot_outputs; ++output) sum[way][output] = pack(0.0f);
  index_type input = 0;
  for (; input + ways * pack::lanes <= inputs; input += ways * pack::lanes) TYPEFORMER_UNROLL
  for (int way = 0; way < ways; ++way) {
    const pack value = pack::load(x + input + way * pack::lanes);
    TYPEFORMER_UNROLL
    for (int output = 0; output < dot_outputs; ++output)
      sum[way][output] = fma(value, pack::load(weights[output] + input + way * pack::lanes), sum[way][output]);
  }
  for (; input < inputs; input += pack::lanes) {
    const index_type n = inputs - input < pack::lanes ? inputs - input : pack::lanes;
    const pack value = pack::load_partial(x + input, n);
    TYPEFORMER_UNROLL
    for (int output = 0; output < dot_outputs; ++output)
      sum[0][output] = fma(value, pack::load_partial(weights[output] + input, n), sum[0][output]);
  }
  TYPEFORMER_UNROLL
  for (int way = 1; way < ways; ++way) TYPEFORMER_UNROLL
  for (int output = 0; output < dot_outputs; ++output) sum[0][output] = sum[0][output] + sum[way][output];
  float totals[dot_outputs];
  sums(sum[0], totals);
  for (int output = 0; output < outputs; ++output) y[output] = bias ? totals[output] + bias[output] : totals[output];
}

/// The product of rows and a table without vectors. The last four outputs may overlap those before them; if there are
/// fewer than four, each is computed alone, four times.
TYPEFORMER_NOINLINE inline void dots_of_rows(index_type rows, rows_view<const float> x, row_major_view<const float> w,
                                             const float* bias, rows_view<float> y) {
  const index_type step = w.outputs >= dot_outputs ? 1 : 0, at_once = step ? dot_outputs : 1;
  for (index_type output = 0; output < w.outputs; output += at_once) {
    if (output > w.outputs - at_once) output = w.outputs - at_once;
    for (index_type row = 0; row < rows; ++row)
      four_dots(w.inputs, x[row], w.data + output * w.inputs, step * w.inputs, bias ? bias + output : nullptr,
                y[row] + output, step);
  }
}

}  // namespace detail

/// Product of one row and a table in canonical order: y[output] = bias[output] + the dot product of x and w[output].
///
/// x [inputs], w [outputs][inputs], bias [outputs] or null, y [outputs]. Cost: one pass over the table.
inline void gemv_row_major(const float* x, row_major_view<const float> w, const float* bias, float* y) {
  if constexpr (simd::pack<float>::lanes == 1) return detail::dots_of_rows(1, {x, 0}, w, bias, {y, 0});
  for (index_type output = 0; output < w.outputs; output += detail::dot_outputs)
    detail::dot_tile(w.inputs, x, w.data + output * w.inputs, w.inputs, bias ? bias + output : nullptr, y + output,
                     w.outputs - output < detail::dot_outputs ? w.outputs - output : detail::dot_outputs);
}

/// Product of rows and a table in canonical order: y[row][output] = bias[output] + x[row] . w[output].
///
/// x [rows][inputs], w [outputs][inputs], bias [outputs] or null, y [rows][outputs].
inline void gemm_row_major(index_type rows, rows_view<const float> x, row_major_view<const float> w, const float* bias,
                           rows_view<float> y) {
  if constexpr (simd::pack<float>::lanes == 1) return detail::dots_of_rows(rows, x, w, bias, y);
  gemm_blocked<right_order::outputs_by_inputs>(rows, w.outputs, w.inputs, x, w.data, w.inputs, {bias, 0}, y);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
