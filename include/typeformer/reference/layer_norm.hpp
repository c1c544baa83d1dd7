// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>

#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/evaluated_first.hpp>
#include <typeformer/foundation/math.hpp>
#include <typeformer/reference/norm_gain.hpp>
#include <typeformer/shape/views.hpp>

namespace typeformer::reference {

/// Layer normalization of every row: y = (x - mean) / sqrt(variance + epsilon) * weight + bias, with the biased
/// variance (Ba, Kiros, Hinton 2016, equations 3 and 4).
///
/// x, y [rows][width], in place allowed; weight [width]; bias [width] or null; statistics [rows][2] or null. The
/// statistics are the mean minus the row's first number, and 1/sigma. All sums are of differences from that number. A
/// first pass gives the mean; a second pass gives a correction of the mean and the variance (Chan, Golub, LeVeque 1983,
/// "Algorithms for computing the sample variance"). A constant row is exactly 0 before the bias, and the error does not
/// grow with the mean. `Gain` says what stands for weight in the formula.
template <class S, norm_gain Gain = norm_gain::weight>
constexpr void layer_norm(index_type rows, index_type width, rows_view<const S> x, const S* weight, const S* bias,
                          S epsilon, rows_view<S> y, S* statistics) {
  for (index_type row = 0; row < rows; ++row) {
    const S first = x[row][0];
    S from_first{0}, rest{0}, squares{0};
    for (index_type i = 0; i < width; ++i) from_first += evaluated_first(x[row][i] - first);
    const S middle = evaluated_first(first + from_first / static_cast<S>(width));  // the mean, up to rounding
    for (index_type i = 0; i < width; ++i) {
      const S centered = evaluated_first(x[row][i] - middle);
      rest += centered;
      squares += centered * centered;
    }
    const S off = rest / static_cast<S>(width);
    const S variance = (std::max)(S{0}, squares / static_cast<S>(width) - off * off);
    const S inverse_sigma = S{1} / math::sqrt(variance + epsilon);
    for (index_type i = 0; i < width; ++i)
      y[row][i] = (evaluated_first(x[row][i] - middle) - off) * inverse_sigma * gain_of<Gain>(weight, i) +
                  (bias ? bias[i] : S{0});
    if (statistics) {
      statistics[2 * row] = evaluated_first(middle - first) + off;
      statistics[2 * row + 1] = inverse_sigma;
    }
  }
}

/// Gradients of `layer_norm` from its statistics. With n = (x - mean)/sigma and g = dy * gain, dx = (g - mean(g) - n
/// mean(g n)) / sigma is written; dweight += dy n and dbias += dy accumulate over rows.
///
/// dx [rows][width] may be dy itself; dbias may be null, and dweight without weights.
template <class S, norm_gain Gain = norm_gain::weight>
constexpr void layer_norm_back(index_type rows, index_type width, rows_view<const S> x, const S* statistics,
                               const S* weight, rows_view<const S> dy, rows_view<S> dx, S* dweight, S* dbias) {
  for (index_type row = 0; row < rows; ++row) {
    const S first = x[row][0], mean = statistics[2 * row], inverse_sigma = statistics[2 * row + 1];
    S mean_of_g{0}, mean_of_gn{0};
    // forward: y[row][i] = (x[row][i] - first - mean) * inverse_sigma * gain_of<Gain>(weight, i) + bias[i]
    for (index_type i = 0; i < width; ++i) {
      const S n = (evaluated_first(x[row][i] - first) - mean) * inverse_sigma;
      const S g = dy[row][i] * gain_of<Gain>(weight, i);
      mean_of_g += g;
      mean_of_gn += g * n;
      if constexpr (Gain != norm_gain::one) dweight[i] += dy[row][i] * n;
      if (dbias) dbias[i] += dy[row][i];
    }
    mean_of_g /= static_cast<S>(width);
    mean_of_gn /= static_cast<S>(width);
    for (index_type i = 0; i < width; ++i) {
      const S n = (evaluated_first(x[row][i] - first) - mean) * inverse_sigma;
      const S g = dy[row][i] * gain_of<Gain>(weight, i);
      dx[row][i] = (g - mean_of_g - n * mean_of_gn) * inverse_sigma;
    }
  }
}

}  // namespace typeformer::reference
