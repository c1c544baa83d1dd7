// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/math.hpp>
#include <typeformer/shape/views.hpp>

namespace typeformer::reference {

/// Adds to each row the sinusoids of its position p: sin(p / theta^(2i/width)) in column 2i and the cosine in column 2i
/// + 1 (Vaswani et al. 2017, section 3.5).
///
/// positions [rows]; x, y [rows][width], in place allowed. Sinusoids are computed in double and then rounded.
/// Precondition: width is even. Cost: width/2 powers and rows * width sines.
template <class S>
constexpr void add_sinusoids(index_type rows, index_type width, const std::int32_t* positions, double theta,
                             rows_view<const S> x, rows_view<S> y) {
  for (index_type column = 0; column < width; column += 2) {
    const double frequency = math::pow(theta, -static_cast<double>(column) / static_cast<double>(width));
    for (index_type row = 0; row < rows; ++row) {
      const double angle = static_cast<double>(positions[row]) * frequency;
      y[row][column] = x[row][column] + static_cast<S>(math::sin(angle));
      y[row][column + 1] = x[row][column + 1] + static_cast<S>(math::cos(angle));
    }
  }
}

}  // namespace typeformer::reference
