// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/math.hpp>
#include <typeformer/shape/views.hpp>

namespace typeformer::reference {

/// Every row divided by its length: y = x / max(|x|, epsilon), |x| = sqrt(sum of x^2).
///
/// x, y [rows][width], in place allowed; inverse_length [rows], 1 / max(|x|, epsilon), or null.
template <class S>
constexpr void unit_length(index_type rows, index_type width, rows_view<const S> x, S epsilon, rows_view<S> y,
                           S* inverse_length) {
  for (index_type row = 0; row < rows; ++row) {
    S squares{0};
    for (index_type i = 0; i < width; ++i) squares += x[row][i] * x[row][i];
    const S inverse = S{1} / math::greater(math::sqrt(squares), epsilon);
    for (index_type i = 0; i < width; ++i) y[row][i] = x[row][i] * inverse;
    if (inverse_length) inverse_length[row] = inverse;
  }
}

/// The gradient of `unit_length`, written: dx = (dy - y (y dy)) / |x|, and dy / epsilon for a row that is shorter than
/// epsilon.
///
/// y and inverse_length hold `unit_length`'s results; dx [rows][width] may be dy itself.
template <class S>
constexpr void unit_length_back(index_type rows, index_type width, rows_view<const S> y, const S* inverse_length,
                                S epsilon, rows_view<const S> dy, rows_view<S> dx) {
  for (index_type row = 0; row < rows; ++row) {
    S along{0};  // forward: y[row] = x[row] / |x[row]|, so dy's component along y has no effect
    if (inverse_length[row] < S{1} / epsilon)
      for (index_type i = 0; i < width; ++i) along += y[row][i] * dy[row][i];
    for (index_type i = 0; i < width; ++i) dx[row][i] = (dy[row][i] - y[row][i] * along) * inverse_length[row];
  }
}

}  // namespace typeformer::reference
