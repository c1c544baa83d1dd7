// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/foundation/config.hpp>
#include <typeformer/shape/views.hpp>

namespace typeformer::reference {

/// The number of rows that count: all, or those whose flag is not 0.
constexpr index_type valid_rows(index_type rows, const std::uint8_t* valid) {
  index_type count = 0;
  for (index_type row = 0; row < rows; ++row) count += !valid || valid[row];
  return count;
}

/// y = the mean of the valid rows (Reimers, Gurevych 2019, §3); 0 if there are none.
///
/// x [rows][width], whose invalid rows are not read; valid [rows], or null: all; y [width].
template <class S>
constexpr void mean_pooling(index_type rows, index_type width, const std::uint8_t* valid, rows_view<const S> x, S* y) {
  const index_type count = valid_rows(rows, valid);
  for (index_type i = 0; i < width; ++i) y[i] = S{0};
  for (index_type row = 0; row < rows; ++row)
    if (!valid || valid[row])
      for (index_type i = 0; i < width; ++i) y[i] += x[row][i];
  for (index_type i = 0; count > 0 && i < width; ++i) y[i] /= static_cast<S>(count);
}

/// The gradient of `mean_pooling`, written: dx = dy / count in valid rows, 0 in the others.
template <class S>
constexpr void mean_pooling_back(index_type rows, index_type width, const std::uint8_t* valid, const S* dy,
                                 rows_view<S> dx) {
  const index_type count = valid_rows(rows, valid);
  for (index_type row = 0; row < rows; ++row) {
    const bool counts = !valid || valid[row];
    for (index_type i = 0; i < width; ++i) dx[row][i] = counts ? dy[i] / static_cast<S>(count) : S{0};
  }
}

}  // namespace typeformer::reference
