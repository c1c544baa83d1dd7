// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/math.hpp>
#include <typeformer/shape/views.hpp>

namespace typeformer::reference {

/// y = (x − mean) / √(variance + ε) · weight + bias (Ioffe, Szegedy 2015, alg. 2).
///
/// x, y [rows][width], which may be the same; the others [width].
template <class S>
constexpr void frozen_batch_norm(index_type rows, index_type width, double epsilon, rows_view<const S> x,
                                 const S* weight, const S* bias, const S* mean, const S* variance, rows_view<S> y) {
  for (index_type i = 0; i < width; ++i) {
    const S factor = weight[i] / math::sqrt(variance[i] + S(epsilon));
    for (index_type row = 0; row < rows; ++row) y[row][i] = (x[row][i] - mean[i]) * factor + bias[i];
  }
}

/// The gradients of `frozen_batch_norm`: dx written, dweight and dbias added to. dx may be dy.
template <class S>
constexpr void frozen_batch_norm_back(index_type rows, index_type width, double epsilon, rows_view<const S> x,
                                      const S* weight, const S* mean, const S* variance, rows_view<const S> dy,
                                      rows_view<S> dx, S* dweight, S* dbias) {
  for (index_type i = 0; i < width; ++i) {
    const S inverse = S{1} / math::sqrt(variance[i] + S(epsilon));
    for (index_type row = 0; row < rows; ++row) {
      const S d = dy[row][i];
      dweight[i] += d * (x[row][i] - mean[i]) * inverse;
      dbias[i] += d;
      dx[row][i] = d * weight[i] * inverse;
    }
  }
}

}  // namespace typeformer::reference
