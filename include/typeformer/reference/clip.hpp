// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>
#include <typeformer/shape/views.hpp>

namespace typeformer::reference {

/// Limits every number to [-limit, limit].
///
/// x, y [rows][width], in place allowed. Precondition: limit > 0.
template <class S>
constexpr void clip(index_type rows, index_type width, rows_view<const S> x, S limit, rows_view<S> y) {
  for (index_type row = 0; row < rows; ++row)
    for (index_type i = 0; i < width; ++i) {
      const S number = x[row][i];
      y[row][i] = number > limit ? limit : number < -limit ? -limit : number;
    }
}

/// Gradient of `clip` from its result: that of a number that is not at a limit; dx may be dy itself.
template <class S>
constexpr void clip_back(index_type rows, index_type width, rows_view<const S> y, S limit, rows_view<const S> dy,
                         rows_view<S> dx) {
  for (index_type row = 0; row < rows; ++row)
    for (index_type i = 0; i < width; ++i) dx[row][i] = y[row][i] < limit && y[row][i] > -limit ? dy[row][i] : S{0};
}

}  // namespace typeformer::reference
