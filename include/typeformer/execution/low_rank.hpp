// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/execution/call.hpp>
#include <typeformer/execution/scale.hpp>
#include <typeformer/layers/low_rank.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

template <index_type Width, index_type First, index_type Columns, class W, class S>
constexpr void execute(add_to_columns_operation<Width, First, Columns>, const call<W>&, block_view<const S> row,
                       block_view<const S> part, block_view<S> y) {
  for (index_type r = 0; r < row.rows; ++r) {
    if (row.data != y.data)
      for (index_type i = 0; i < Width; ++i) y[r][i] = row[r][i];
    for (index_type i = 0; i < Columns; ++i) y[r][First + i] += part[r][i];
  }
}

template <index_type Width, index_type First, index_type Columns, class W, class S>
constexpr void execute(take_columns_operation<Width, First, Columns>, const call<W>&, block_view<const S> row,
                       block_view<S> part) {
  for (index_type r = 0; r < row.rows; ++r)
    for (index_type i = 0; i < Columns; ++i) part[r][i] = row[r][First + i];
}

}  // namespace typeformer
