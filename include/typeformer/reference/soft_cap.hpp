// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/math.hpp>
#include <typeformer/shape/views.hpp>

namespace typeformer::reference {

/// Limits every number to (-cap, cap): y = cap tanh(x / cap) (Gemma Team 2024, arXiv:2408.00118, section 2).
///
/// x, y [rows][width], in place allowed. Precondition: cap > 0.
template <class S>
constexpr void soft_cap(index_type rows, index_type width, rows_view<const S> x, S cap, rows_view<S> y) {
  for (index_type row = 0; row < rows; ++row)
    for (index_type i = 0; i < width; ++i) y[row][i] = cap * math::tanh(x[row][i] / cap);
}

/// Gradient of `soft_cap` from its result: dx = dy (1 - (y / cap)^2); dx may be dy itself.
template <class S>
constexpr void soft_cap_back(index_type rows, index_type width, rows_view<const S> y, S cap, rows_view<const S> dy,
                             rows_view<S> dx) {
  for (index_type row = 0; row < rows; ++row)
    for (index_type i = 0; i < width; ++i) {
      // forward: y[row][i] = cap * tanh(x[row][i] / cap)
      const S t = y[row][i] / cap;
      dx[row][i] = dy[row][i] * (S{1} - t * t);
    }
}

}  // namespace typeformer::reference
