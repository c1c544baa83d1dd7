// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/execution/call.hpp>
#include <typeformer/layers/mean_pooling.hpp>
#include <typeformer/reference/mean_pooling.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

namespace detail {

/// Calls f(sequence, its first row, its rows, which of them are valid).
template <class F> constexpr void for_each_pooled_sequence(const batch_rows& batch, F&& f) {
  for (index_type s = 0; s < batch.sequences; ++s) f(s, batch.first_row[s], batch.rows_of(s), batch.valid_of(s));
}

}  // namespace detail

template <index_type Width, class W, class S>
constexpr void execute(mean_pooling_operation<Width>, const call<W>& c, block_view<const S> x, block_view<S> y) {
  detail::for_each_pooled_sequence(c.batch_of(x.rows_are),
                                   [&](index_type s, index_type first, index_type rows, const std::uint8_t* valid) {
                                     reference::mean_pooling<S>(rows, Width, valid, x.from(first), y[s]);
                                   });
}
template <index_type Width, class W, class S>
constexpr void execute(mean_pooling_back_operation<Width>, const call<W>& c, block_view<const S> dy, block_view<S> dx) {
  detail::for_each_pooled_sequence(c.batch_of(dx.rows_are),
                                   [&](index_type s, index_type first, index_type rows, const std::uint8_t* valid) {
                                     reference::mean_pooling_back<S>(rows, Width, valid, dy[s], dx.from(first));
                                   });
}

}  // namespace typeformer
