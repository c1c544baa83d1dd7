// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/foundation/config.hpp>
#include <typeformer/shape/views.hpp>

namespace typeformer::reference {

/// y[row] = table[ids[row]]; ids [rows], table [entries][width], y [rows][width]. Precondition: 0 <= id < entries.
template <class S>
constexpr void embed(index_type rows, index_type width, const std::int32_t* ids, const S* table, rows_view<S> y) {
  for (index_type row = 0; row < rows; ++row)
    for (index_type i = 0; i < width; ++i) y[row][i] = table[ids[row] * width + i];
}

/// y[row] += table[ids[row]]: adds a second embedding.
template <class S>
constexpr void embed_add(index_type rows, index_type width, const std::int32_t* ids, const S* table, rows_view<S> y) {
  for (index_type row = 0; row < rows; ++row)
    for (index_type i = 0; i < width; ++i) y[row][i] += table[ids[row] * width + i];
}

/// Gradient of `embed` and `embed_add`: dtable[ids[row]] += dy[row], except for rows whose id is `padding`.
template <class S>
constexpr void embed_back(index_type rows, index_type width, const std::int32_t* ids, rows_view<const S> dy, S* dtable,
                          std::int32_t padding = -1) {
  for (index_type row = 0; row < rows; ++row) {
    if (ids[row] == padding) continue;
    // forward: y[row][i] = table[ids[row] * width + i]
    for (index_type i = 0; i < width; ++i) dtable[ids[row] * width + i] += dy[row][i];
  }
}

}  // namespace typeformer::reference
