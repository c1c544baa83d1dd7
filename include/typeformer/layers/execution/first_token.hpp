// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/call.hpp>
#include <typeformer/layers/first_token.hpp>

namespace typeformer {

template <index Width, class W, class S>
constexpr void execute(first_token_operation<Width>, const call<W>& c, block_view<const S> x, block_view<S> y) {
  for (index s = 0; s < y.rows; ++s)
    for (index i = 0; i < Width; ++i) y[s][i] = c.batch.rows_of(s) > 0 ? x[c.batch.first_row[s]][i] : S{0};
}
template <index Width, class W, class S>
constexpr void execute(first_token_back_operation<Width>, const call<W>& c, block_view<const S> dy, block_view<S> dx) {
  for (index i = 0; i < dx.rows * Width; ++i) dx.data[i] = S{0};
  for (index s = 0; s < dy.rows; ++s)
    if (c.batch.rows_of(s) > 0)
      for (index i = 0; i < Width; ++i) dx[c.batch.first_row[s]][i] = dy[s][i];
}

}  // namespace typeformer
