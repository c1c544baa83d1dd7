// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>

#include <typeformer/execution/call.hpp>
#include <typeformer/layers/segment_memory.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

namespace detail {

/// Calls `f(sequence, cached, first)` for each sequence of recalled rows: the number of its cached rows, and its
/// first row.
template <class W, class F> constexpr void for_each_recalled(const call<W>& c, F&& f) {
  index_type first = 0;
  for (index_type s = 0; s < c.batch.sequences; ++s) {
    const index_type cached = c.batch.cached_of(s, c.reserved.memory);
    f(s, cached, first);
    first += cached + c.batch.rows_of(s);
  }
}

}  // namespace detail

template <index_type Width, class W, class S>
constexpr void execute(recall_operation<Width>, const call<W>& c, block_view<const S> x, const S* memory,
                       block_view<S> y) {
  detail::for_each_recalled(c, [&](index_type s, index_type cached, index_type first) {
    std::copy_n(memory + s * c.reserved.memory * Width, cached * Width, y[first]);
    std::copy_n(x[c.batch.first_row[s]], c.batch.rows_of(s) * Width, y[first + cached]);
  });
}
template <index_type Width, class W, class S>
constexpr void execute(recall_back_operation<Width>, const call<W>& c, block_view<const S> dy, block_view<S> dx) {
  // forward: y[first + cached …] = x; cached rows get no gradient
  detail::for_each_recalled(c, [&](index_type s, index_type cached, index_type first) {
    std::copy_n(dy[first + cached], c.batch.rows_of(s) * Width, dx[c.batch.first_row[s]]);
  });
}
template <index_type Width, class W, class S>
constexpr void execute(cache_segment_operation<Width>, const call<W>& c, block_view<const S> y, S* memory) {
  detail::for_each_recalled(c, [&](index_type s, index_type cached, index_type first) {
    const index_type all = cached + c.batch.rows_of(s), kept = (std::min)(all, c.reserved.memory);
    std::copy_n(y[first + all - kept], kept * Width, memory + s * c.reserved.memory * Width);
  });
}

}  // namespace typeformer
