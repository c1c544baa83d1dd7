// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/execution/call.hpp>
#include <typeformer/layers/first_token.hpp>
#include <typeformer/shape/block_view.hpp>
#include <typeformer/shape/class_rows.hpp>

namespace typeformer {

template <index_type Width, class W, class S>
constexpr void execute(first_token_operation<Width>, const call<W>& c, block_view<const S> x, block_view<S> y) {
  for (index_type s = 0; s < y.rows; ++s) {
    const index_type row = first_valid_row(c.batch, s);
    for (index_type i = 0; i < Width; ++i) y[s][i] = row >= 0 ? x[row][i] : S{0};
  }
}
template <index_type Width, class W, class S>
constexpr void execute(first_token_back_operation<Width>, const call<W>& c, block_view<const S> dy, block_view<S> dx) {
  for (index_type i = 0; i < dx.rows * Width; ++i) dx.data[i] = S{0};
  for (index_type s = 0; s < dy.rows; ++s) {
    const index_type row = first_valid_row(c.batch, s);
    for (index_type i = 0; row >= 0 && i < Width; ++i) dx[row][i] = dy[s][i];
  }
}

}  // namespace typeformer
