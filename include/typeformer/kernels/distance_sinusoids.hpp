// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <type_traits>

#include <typeformer/reference/distance_sinusoids.hpp>
#include <typeformer/simd/isa.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

/// `reference::distance_sinusoids`, same operands.
///
/// In float, the step from one distance to the next is a rotation in double:
/// cos((d + 1) w) + i sin((d + 1) w) = (cos(d w) + i sin(d w)) (cos w + i sin w).
/// Its error grows by one ulp of double per row. Cost: a power, 2 * width sines, and 4 multiply-adds per pair of
/// numbers.
template <class S>
constexpr void distance_sinusoids(index_type rows, index_type width, index_type first, double theta, rows_view<S> y) {
  if (std::is_constant_evaluated() || !std::is_same_v<S, float>)
    return reference::distance_sinusoids<S>(rows, width, first, theta, y);
  constexpr index_type columns = 16;
  const index_type half = width / 2;
  const double ratio = math::pow(theta, -2 / static_cast<double>(width));
  double frequency = 1;
  for (index_type begin = 0; begin < half; begin += columns) {
    double sine[columns]{}, cosine[columns]{}, step_sine[columns]{}, step_cosine[columns]{};
    const index_type count = (std::min)(columns, half - begin);
    for (index_type i = 0; i < count; ++i, frequency *= ratio) {
      sine[i] = math::sin(static_cast<double>(first) * frequency);
      cosine[i] = math::cos(static_cast<double>(first) * frequency);
      step_sine[i] = math::sin(frequency);
      step_cosine[i] = math::cos(frequency);
    }
    for (index_type row = 0; row < rows; ++row) {
      for (index_type i = 0; i < count; ++i) {
        y[row][begin + i] = static_cast<S>(sine[i]);
        y[row][half + begin + i] = static_cast<S>(cosine[i]);
      }
      for (index_type i = 0; i < columns; ++i) {
        const double next = sine[i] * step_cosine[i] + cosine[i] * step_sine[i];
        cosine[i] = cosine[i] * step_cosine[i] - sine[i] * step_sine[i];
        sine[i] = next;
      }
    }
  }
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
