// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <type_traits>

#include <typeformer/execution/call.hpp>
#include <typeformer/layers/chunk_pooling.hpp>
#include <typeformer/reference/first_row_pooling.hpp>
#include <typeformer/reference/max_pooling.hpp>
#include <typeformer/reference/mean_pooling.hpp>
#include <typeformer/shape/block_view.hpp>
#include <typeformer/shape/class_rows.hpp>

namespace typeformer {

namespace detail {

/// Calls f(sequence, chunk, its first row, its rows, which of them are valid) for all chunks, those without rows too.
template <class F>
constexpr void for_each_chunk(const batch_rows& batch, index_type chunks, index_type rows_of_chunk, F&& f) {
  for (index_type s = 0; s < batch.sequences; ++s) {
    const index_type end = batch.first_row[s + 1], valid_from = first_valid_row(batch, s);
    index_type row = valid_from < 0 ? end : valid_from;
    for (index_type chunk = 0; chunk < chunks; ++chunk) {
      const index_type rows = (std::min)(rows_of_chunk, end - row);
      const std::uint8_t* const valid = batch.valid_of(s);
      f(s, chunk, row, rows, valid ? valid + (row - batch.first_row[s]) : nullptr);
      row += rows;
    }
  }
}

}  // namespace detail

template <index_type Width, index_type Chunks, index_type Rows, class Pooling, class W, class S>
constexpr void execute(chunk_pooling_operation<Width, Chunks, Rows, Pooling>, const call<W>& c, block_view<const S> x,
                       block_view<S> y) {
  detail::for_each_chunk(c.batch_of(x.rows_are), Chunks, Rows,
                         [&](index_type s, index_type chunk, index_type first, index_type rows, auto* valid) {
                           constexpr index_type delivered = std::is_same_v<Pooling, all_of_rows> ? Rows : 1;
                           S* const to = y[s] + chunk * delivered * Width;
                           const rows_view<const S> from = x.from(first);
                           if constexpr (std::is_same_v<Pooling, mean_of_rows>)
                             reference::mean_pooling<S>(rows, Width, valid, from, to);
                           else if constexpr (std::is_same_v<Pooling, maximum_of_rows>)
                             reference::max_pooling<S>(rows, Width, valid, from, to);
                           else if constexpr (std::is_same_v<Pooling, first_of_rows>)
                             reference::first_row_pooling<S>(rows, Width, valid, from, to);
                           else
                             for (index_type i = 0; i < Rows; ++i)
                               reference::first_row_pooling<S>(i < rows, Width, valid ? valid + i : nullptr,
                                                               from.from(i < rows ? i : 0), to + i * Width);
                         });
}
/// `x` is a null pointer where the gradient does not need it.
template <index_type Width, index_type Chunks, index_type Rows, class Pooling, class W, class X, class S>
constexpr void execute(chunk_pooling_back_operation<Width, Chunks, Rows, Pooling>, const call<W>& c, X x,
                       block_view<const S> dy, block_view<S> dx) {
  for (index_type i = 0; i < dx.rows * Width; ++i) dx.data[i] = S{0};  // rows outside the chunks
  detail::for_each_chunk(c.batch_of(dx.rows_are), Chunks, Rows,
                         [&](index_type s, index_type chunk, index_type first, index_type rows, auto* valid) {
                           constexpr index_type delivered = std::is_same_v<Pooling, all_of_rows> ? Rows : 1;
                           const S* const from = dy[s] + chunk * delivered * Width;
                           const rows_view<S> to = dx.from(first);
                           if constexpr (std::is_same_v<Pooling, mean_of_rows>)
                             reference::mean_pooling_back<S>(rows, Width, valid, from, to);
                           else if constexpr (std::is_same_v<Pooling, maximum_of_rows>)
                             reference::max_pooling_back<S>(rows, Width, valid, x.from(first), from, to);
                           else if constexpr (std::is_same_v<Pooling, first_of_rows>)
                             reference::first_row_pooling_back<S>(rows, Width, valid, from, to);
                           else
                             for (index_type i = 0; i < rows; ++i)
                               reference::first_row_pooling_back<S>(1, Width, valid ? valid + i : nullptr,
                                                                    from + i * Width, to.from(i));
                         });
}

}  // namespace typeformer
