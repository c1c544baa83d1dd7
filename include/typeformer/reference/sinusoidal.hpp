// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/math.hpp>
#include <typeformer/shape/views.hpp>

namespace typeformer::reference {

/// Adds to each row the sinusoids of its position p: sin(p / theta^(2i/width)) in column 2i and the cosine in column 2i
/// + 1 (Vaswani et al. 2017, section 3.5). `in_halves`: in columns i and width/2 + i.
///
/// positions [rows]; x, y [rows][width], in place allowed. Sinusoids are computed in double and then rounded.
/// Precondition: width is even. Cost: width/2 powers and rows * width sines.
template <class S>
constexpr void add_sinusoids(index_type rows, index_type width, const std::int32_t* positions, double theta,
                             rows_view<const S> x, rows_view<S> y, bool in_halves = false) {
  for (index_type column = 0; column < width; column += 2) {
    const double frequency = math::pow(theta, -static_cast<double>(column) / static_cast<double>(width));
    const index_type sine = in_halves ? column / 2 : column, cosine = in_halves ? (column + width) / 2 : column + 1;
    for (index_type row = 0; row < rows; ++row) {
      const double angle = static_cast<double>(positions[row]) * frequency;
      y[row][sine] = x[row][sine] + static_cast<S>(math::sin(angle));
      y[row][cosine] = x[row][cosine] + static_cast<S>(math::cos(angle));
    }
  }
}

}  // namespace typeformer::reference
