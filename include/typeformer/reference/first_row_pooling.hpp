// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/foundation/config.hpp>
#include <typeformer/shape/views.hpp>

namespace typeformer::reference {

/// y = the first valid row; 0 if there is none.
///
/// x [rows][width]; valid [rows], or null: all; y [width].
template <class S>
constexpr void first_row_pooling(index_type rows, index_type width, const std::uint8_t* valid, rows_view<const S> x,
                                 S* y) {
  index_type first = 0;
  while (first < rows && valid && !valid[first]) ++first;
  for (index_type i = 0; i < width; ++i) y[i] = first < rows ? x[first][i] : S{0};
}

/// The gradient of `first_row_pooling`, written: dx = dy in the first valid row, 0 in the others.
template <class S>
constexpr void first_row_pooling_back(index_type rows, index_type width, const std::uint8_t* valid, const S* dy,
                                      rows_view<S> dx) {
  bool is_found = false;
  for (index_type row = 0; row < rows; ++row) {
    const bool is_first = !is_found && (!valid || valid[row]);
    for (index_type i = 0; i < width; ++i) dx[row][i] = is_first ? dy[i] : S{0};
    is_found = is_found || is_first;
  }
}

}  // namespace typeformer::reference
