// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/math.hpp>
#include <typeformer/shape/views.hpp>

namespace typeformer::reference {

/// Row i becomes the sinusoids of distance d = first + i: sin(d / theta^(2j/width)) in its first half and the cosines
/// in its second (Dai et al. 2019, arXiv:1901.02860, section 3.3, in the order of the published code).
///
/// y [rows][width]. Sinusoids are computed in double and then rounded. Precondition: width is even. Cost: width/2
/// powers and rows * width sines.
template <class S>
constexpr void distance_sinusoids(index_type rows, index_type width, index_type first, double theta, rows_view<S> y) {
  for (index_type column = 0; column < width / 2; ++column) {
    const double frequency = math::pow(theta, -2 * static_cast<double>(column) / static_cast<double>(width));
    for (index_type row = 0; row < rows; ++row) {
      const double angle = static_cast<double>(first + row) * frequency;
      y[row][column] = static_cast<S>(math::sin(angle));
      y[row][width / 2 + column] = static_cast<S>(math::cos(angle));
    }
  }
}

}  // namespace typeformer::reference
