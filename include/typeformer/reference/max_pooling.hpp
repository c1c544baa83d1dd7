// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/foundation/config.hpp>
#include <typeformer/shape/views.hpp>

namespace typeformer::reference {

/// The valid row that has the largest number of a column, the first of equal ones; -1 if no row is valid.
template <class S>
constexpr index_type row_of_largest(index_type rows, const std::uint8_t* valid, rows_view<const S> x,
                                    index_type column) {
  index_type best = -1;
  for (index_type row = 0; row < rows; ++row)
    if ((!valid || valid[row]) && (best < 0 || x[row][column] > x[best][column])) best = row;
  return best;
}

/// y = the largest number of each column in the valid rows (Reimers, Gurevych 2019, §3); 0 if there are none.
///
/// x [rows][width], whose invalid rows are not read; valid [rows], or null: all; y [width].
template <class S>
constexpr void max_pooling(index_type rows, index_type width, const std::uint8_t* valid, rows_view<const S> x, S* y) {
  for (index_type i = 0; i < width; ++i) {
    const index_type row = row_of_largest(rows, valid, x, i);
    y[i] = row < 0 ? S{0} : x[row][i];
  }
}

/// The gradient of `max_pooling`, written: dx = dy where the largest number is, 0 elsewhere.
template <class S>
constexpr void max_pooling_back(index_type rows, index_type width, const std::uint8_t* valid, rows_view<const S> x,
                                const S* dy, rows_view<S> dx) {
  for (index_type i = 0; i < width; ++i) {
    const index_type largest = row_of_largest(rows, valid, x, i);
    for (index_type row = 0; row < rows; ++row) dx[row][i] = row == largest ? dy[i] : S{0};
  }
}

}  // namespace typeformer::reference
