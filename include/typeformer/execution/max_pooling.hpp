// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/execution/call.hpp>
#include <typeformer/execution/mean_pooling.hpp>
#include <typeformer/layers/max_pooling.hpp>
#include <typeformer/reference/max_pooling.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

template <index_type Width, class W, class S>
constexpr void execute(max_pooling_operation<Width>, const call<W>& c, block_view<const S> x, block_view<S> y) {
  detail::for_each_pooled_sequence(c.batch_of(x.rows_are),
                                   [&](index_type s, index_type first, index_type rows, const std::uint8_t* valid) {
                                     reference::max_pooling<S>(rows, Width, valid, x.from(first), y[s]);
                                   });
}
template <index_type Width, class W, class S>
constexpr void execute(max_pooling_back_operation<Width>, const call<W>& c, block_view<const S> x,
                       block_view<const S> dy, block_view<S> dx) {
  detail::for_each_pooled_sequence(
      c.batch_of(dx.rows_are), [&](index_type s, index_type first, index_type rows, const std::uint8_t* valid) {
        reference::max_pooling_back<S>(rows, Width, valid, x.from(first), dy[s], dx.from(first));
      });
}

}  // namespace typeformer
