// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/execution/call.hpp>
#include <typeformer/layers/first_token.hpp>
#include <typeformer/shape/block_view.hpp>
#include <typeformer/shape/class_rows.hpp>

namespace typeformer {

namespace detail {
/// Calls f(sequence, row) for the rows of valid tokens [first, first + count) of each sequence that has them.
template <class F>
constexpr void for_each_first_row(const batch_rows& batch, index_type first, index_type count, F&& f) {
  for (index_type s = 0; s < batch.sequences; ++s)
    for (index_type n = first; n < first + count; ++n)
      if (const index_type row = valid_row(batch, s, n); row >= 0) f(s, row);
}
}  // namespace detail

template <index_type Width, index_type First, index_type Count, class W, class S>
constexpr void execute(first_token_operation<Width, First, Count>, const call<W>& c, block_view<const S> x,
                       block_view<S> y) {
  for (index_type i = 0; i < y.rows * Width; ++i) y.data[i] = S{0};
  detail::for_each_first_row(c.batch_of(x.rows_are), First, Count, [&](index_type s, index_type row) {
    for (index_type i = 0; i < Width; ++i) y[s][i] += x[row][i] / S(Count);
  });
}
template <index_type Width, index_type First, index_type Count, class W, class S>
constexpr void execute(first_token_back_operation<Width, First, Count>, const call<W>& c, block_view<const S> dy,
                       block_view<S> dx) {
  for (index_type i = 0; i < dx.rows * Width; ++i) dx.data[i] = S{0};
  detail::for_each_first_row(c.batch_of(dx.rows_are), First, Count, [&](index_type s, index_type row) {
    for (index_type i = 0; i < Width; ++i) dx[row][i] = dy[s][i] / S(Count);
  });
}

}  // namespace typeformer
