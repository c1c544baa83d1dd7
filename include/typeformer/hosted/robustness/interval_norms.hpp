// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <typeformer/execution/call.hpp>
#include <typeformer/execution/layer_norm.hpp>
#include <typeformer/execution/rms_norm.hpp>
#include <typeformer/hosted/robustness/interval.hpp>
#include <typeformer/layers/layer_norm.hpp>
#include <typeformer/layers/rms_norm.hpp>
#include <typeformer/reference/norm_gain.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer::detail {

/// n / sqrt((n² + rest) / width + ε). It rises with n, and falls with `rest` where n is positive.
inline double normalized(double n, double rest, double width, double epsilon) {
  return n / std::sqrt((n * n + rest) / width + epsilon);
}

/// The bounds of every n_i / sqrt(mean of n² + ε). Each number is bounded together with its own part of the mean.
template <class NumberAt>
std::vector<interval> normalized_bounds(index_type width, NumberAt number_at, double epsilon) {
  interval squares{0, 0};
  for (index_type i = 0; i < width; ++i) squares += square(number_at(i));
  const double slack = 0x1p-46 * double(width);  // of the sums below, in units of the largest result
  std::vector<interval> bounds;
  for (index_type i = 0; i < width; ++i) {
    const interval n = number_at(i), own = square(n);
    const double error = 0x1p-46 * squares.upper, least = (std::max)(0.0, squares.lower - own.lower - error),
                 most = (std::max)(0.0, squares.upper - own.upper) + error;
    bounds.push_back({normalized(n.lower, n.lower < 0 ? least : most, double(width), epsilon) - slack,
                      normalized(n.upper, n.upper < 0 ? most : least, double(width), epsilon) + slack});
  }
  return bounds;
}

template <norm_gain Gain>
void scale_row(const std::vector<interval>& normal, const interval* weight, const interval* bias, interval* y) {
  for (std::size_t i = 0; i < normal.size(); ++i)
    y[i] = normal[i] * reference::gain_of<Gain>(weight, index_type(i)) + (bias ? bias[i] : interval{});
}

}  // namespace typeformer::detail

namespace typeformer {

template <index_type Width, number Epsilon, norm_gain Gain, class W>
void execute(layer_norm_operation<Width, Epsilon, Gain>, const call<W>&, block_view<const interval> x,
             const interval* weight, const interval* bias, block_view<interval> y, block_view<interval>) {
  interval centered[Width];
  for (index_type row = 0; row < x.rows; ++row) {
    interval sum{};
    for (index_type i = 0; i < Width; ++i) sum += x[row][i];
    for (index_type i = 0; i < Width; ++i) {
      // x_i − mean = x_i (1 − 1/width) − the others / width, where each number occurs once.
      const interval own = x[row][i];
      const double error = 0x1p-46 * ((std::max)(sum.upper, -sum.lower) + (std::max)(own.upper, -own.lower));
      const interval others{sum.lower - own.lower - error, sum.upper - own.upper + error};
      centered[i] = own * interval(1 - 1.0 / double(Width)) - others * interval(1.0 / double(Width));
    }
    detail::scale_row<Gain>(detail::normalized_bounds(
                                Width, [&](index_type i) { return centered[i]; }, Epsilon.value),
                            weight, bias, y[row]);
  }
}

template <index_type Width, number Epsilon, norm_gain Gain, class W>
void execute(rms_norm_operation<Width, Epsilon, Gain>, const call<W>&, block_view<const interval> x,
             const interval* weight, block_view<interval> y, block_view<interval>) {
  for (index_type row = 0; row < x.rows; ++row)
    detail::scale_row<Gain>(detail::normalized_bounds(
                                Width, [&](index_type i) { return x[row][i]; }, Epsilon.value),
                            weight, static_cast<const interval*>(nullptr), y[row]);
}

}  // namespace typeformer
