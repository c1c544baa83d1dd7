// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/math.hpp>
#include <typeformer/reference/norm_gain.hpp>
#include <typeformer/shape/views.hpp>

namespace typeformer::reference {

/// Root-mean-square normalization of every row: y = x / sqrt(mean(x^2) + epsilon) * weight
/// (Zhang, Sennrich 2019, equation 4).
///
/// x, y [rows][width], in place allowed; weight [width]; inverse_rms [rows] or null. `Gain` says what stands for weight
/// in the formula.
template <class S, norm_gain Gain = norm_gain::weight>
constexpr void rms_norm(index_type rows, index_type width, rows_view<const S> x, const S* weight, S epsilon,
                        rows_view<S> y, S* inverse_rms) {
  for (index_type row = 0; row < rows; ++row) {
    S mean_square{0};
    for (index_type i = 0; i < width; ++i) mean_square += x[row][i] * x[row][i];
    mean_square /= static_cast<S>(width);
    const S inverse = S{1} / math::sqrt(mean_square + epsilon);
    for (index_type i = 0; i < width; ++i) y[row][i] = x[row][i] * inverse * gain_of<Gain>(weight, i);
    if (inverse_rms) inverse_rms[row] = inverse;
  }
}

/// Gradients of `rms_norm`. With n = x / rms and g = dy * gain, dx = (g - n mean(g n)) / rms is written; dweight += dy n
/// accumulates over rows.
///
/// dx [rows][width] may be dy itself. Without weights dweight may be null.
template <class S, norm_gain Gain = norm_gain::weight>
constexpr void rms_norm_back(index_type rows, index_type width, rows_view<const S> x, const S* inverse_rms,
                             const S* weight, rows_view<const S> dy, rows_view<S> dx, S* dweight) {
  for (index_type row = 0; row < rows; ++row) {
    const S inverse = inverse_rms[row];
    S mean_of_gn{0};
    // forward: y[row][i] = x[row][i] * inverse * gain_of<Gain>(weight, i)
    for (index_type i = 0; i < width; ++i) {
      const S n = x[row][i] * inverse;
      mean_of_gn += dy[row][i] * gain_of<Gain>(weight, i) * n;
      if constexpr (Gain != norm_gain::one) dweight[i] += dy[row][i] * n;
    }
    mean_of_gn /= static_cast<S>(width);
    for (index_type i = 0; i < width; ++i)
      dx[row][i] = (dy[row][i] * gain_of<Gain>(weight, i) - x[row][i] * inverse * mean_of_gn) * inverse;
  }
}

}  // namespace typeformer::reference
