// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>
#include <typeformer/shape/views.hpp>

namespace typeformer::reference {

/// Affine map of every row: y = x W^T + b.
///
/// x [rows][inputs], w(output, input) of `w.outputs` x `w.inputs`, bias [outputs] or null, y [rows][outputs].
template <class S, class W>
constexpr void linear(index_type rows, rows_view<const S> x, const W& w, const S* bias, rows_view<S> y) {
  for (index_type row = 0; row < rows; ++row)
    for (index_type output = 0; output < w.outputs; ++output) {
      S sum = bias ? bias[output] : S{0};
      for (index_type input = 0; input < w.inputs; ++input) sum += w(output, input) * x[row][input];
      y[row][output] = sum;
    }
}

/// Gradients of `linear`: dx = dy W is written, dW += dy^T x and db += sum over rows of dy accumulate.
///
/// dw [outputs][inputs] or null data; dbias [outputs] or null; dx null data when no gradient is wanted.
template <class S, class W>
constexpr void linear_back(index_type rows, rows_view<const S> x, const W& w, rows_view<const S> dy, rows_view<S> dx,
                           row_major_view<S> dw, S* dbias) {
  // forward: sum += w(output, input) * x[row][input]
  if (dx)
    for (index_type row = 0; row < rows; ++row)
      for (index_type input = 0; input < w.inputs; ++input) {
        S sum{0};
        for (index_type output = 0; output < w.outputs; ++output) sum += dy[row][output] * w(output, input);
        dx[row][input] = sum;
      }
  if (dw.data)
    for (index_type row = 0; row < rows; ++row)
      for (index_type output = 0; output < w.outputs; ++output)
        for (index_type input = 0; input < w.inputs; ++input) dw(output, input) += dy[row][output] * x[row][input];
  // forward: S sum = bias[output]
  if (dbias)
    for (index_type row = 0; row < rows; ++row)
      for (index_type output = 0; output < w.outputs; ++output) dbias[output] += dy[row][output];
}

}  // namespace typeformer::reference
