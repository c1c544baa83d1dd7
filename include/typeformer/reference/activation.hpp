// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/activations/activations.hpp>
#include <typeformer/foundation/config.hpp>
#include <typeformer/shape/views.hpp>

namespace typeformer::reference {

/// Elementwise y = A(x); x, y [rows][width], in place allowed.
template <class A, class S>
constexpr void activate(index_type rows, index_type width, rows_view<const S> x, rows_view<S> y) {
  for (index_type row = 0; row < rows; ++row)
    for (index_type i = 0; i < width; ++i) y[row][i] = A::value(x[row][i]);
}

/// Gradient of `activate`: dx = dy A'(x); dx may be dy itself.
template <class A, class S>
constexpr void activate_back(index_type rows, index_type width, rows_view<const S> x, rows_view<const S> dy,
                             rows_view<S> dx) {
  for (index_type row = 0; row < rows; ++row)
    // forward: y[row][i] = A::value(x[row][i])
    for (index_type i = 0; i < width; ++i) dx[row][i] = dy[row][i] * A::derivative(x[row][i]);
}

/// Gated linear unit y = A(gate) * value (Shazeer 2020, equation 5).
///
/// x [rows][2 width], with the gate columns before the value columns; y [rows][width], which may be the gate columns
/// themselves.
template <class A, class S>
constexpr void gated_activation(index_type rows, index_type width, rows_view<const S> x, rows_view<S> y) {
  for (index_type row = 0; row < rows; ++row)
    for (index_type i = 0; i < width; ++i) y[row][i] = A::value(x[row][i]) * x[row][width + i];
}

/// Gradient of `gated_activation`: dgate = dy value A'(gate), dvalue = dy A(gate).
///
/// dy [rows][width]; dx [rows][2 width], which may be x itself but must not overlap dy.
template <class A, class S>
constexpr void gated_activation_back(index_type rows, index_type width, rows_view<const S> x, rows_view<const S> dy,
                                     rows_view<S> dx) {
  for (index_type row = 0; row < rows; ++row)
    for (index_type i = 0; i < width; ++i) {
      const S gate = x[row][i], value = x[row][width + i];
      // forward: y[row][i] = A::value(x[row][i]) * x[row][width + i]
      dx[row][i] = dy[row][i] * value * A::derivative(gate);
      dx[row][width + i] = dy[row][i] * A::value(gate);
    }
}

}  // namespace typeformer::reference
