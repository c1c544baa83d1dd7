// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/math.hpp>
#include <typeformer/shape/views.hpp>

namespace typeformer::reference {

namespace detail {

template <class S> constexpr S largest(index_type width, const S* x) {
  S result = x[0];
  for (index_type i = 1; i < width; ++i) result = math::greater(result, x[i]);
  return result;
}

}  // namespace detail

/// y_i = exp(x_i) / sum_j exp(x_j) over every row, with the largest x subtracted first.
///
/// x, y [rows][width], in place allowed; precondition: width > 0.
template <class S> constexpr void softmax(index_type rows, index_type width, rows_view<const S> x, rows_view<S> y) {
  for (index_type row = 0; row < rows; ++row) {
    const S shift = detail::largest(width, x[row]);
    S sum{0};
    for (index_type i = 0; i < width; ++i) {
      y[row][i] = math::exp(x[row][i] - shift);
      sum += y[row][i];
    }
    for (index_type i = 0; i < width; ++i) y[row][i] /= sum;
  }
}

/// Gradient of `softmax` from its result: dx_i = y_i (dy_i - sum_j y_j dy_j); dx may be dy itself.
template <class S>
constexpr void softmax_back(index_type rows, index_type width, rows_view<const S> y, rows_view<const S> dy,
                            rows_view<S> dx) {
  for (index_type row = 0; row < rows; ++row) {
    S projection{0};
    for (index_type i = 0; i < width; ++i) projection += y[row][i] * dy[row][i];
    // forward: y[row][i] = math::exp(x[row][i] - shift) / sum
    for (index_type i = 0; i < width; ++i) dx[row][i] = y[row][i] * (dy[row][i] - projection);
  }
}

/// y_i = x_i - log sum_j exp(x_j) over every row, with the largest x subtracted first.
///
/// x, y [rows][width], in place allowed; precondition: width > 0.
template <class S> constexpr void log_softmax(index_type rows, index_type width, rows_view<const S> x, rows_view<S> y) {
  for (index_type row = 0; row < rows; ++row) {
    const S shift = detail::largest(width, x[row]);
    S sum{0};
    for (index_type i = 0; i < width; ++i) sum += math::exp(x[row][i] - shift);
    const S log_sum = math::log(sum);
    for (index_type i = 0; i < width; ++i) y[row][i] = x[row][i] - shift - log_sum;
  }
}

/// Gradient of `log_softmax` from its result: dx_i = dy_i - exp(y_i) sum_j dy_j; dx may be dy itself.
template <class S>
constexpr void log_softmax_back(index_type rows, index_type width, rows_view<const S> y, rows_view<const S> dy,
                                rows_view<S> dx) {
  for (index_type row = 0; row < rows; ++row) {
    S sum{0};
    for (index_type i = 0; i < width; ++i) sum += dy[row][i];
    // forward: y[row][i] = x[row][i] - shift - log_sum
    for (index_type i = 0; i < width; ++i) dx[row][i] = dy[row][i] - math::exp(y[row][i]) * sum;
  }
}

}  // namespace typeformer::reference
