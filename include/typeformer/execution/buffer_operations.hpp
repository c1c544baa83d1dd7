// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/buffer_operations.hpp>
#include <typeformer/execution/call.hpp>
#include <typeformer/kernels/add.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

template <class W, class S> constexpr void execute(clear_operation, const call<W>&, block_view<S> x) {
  for (index_type i = 0; i < x.rows * x.stride; ++i) x.data[i] = S{0};
}
template <index_type Width, class W, class S>
constexpr void execute(accumulate_operation<Width>, const call<W>&, block_view<const S> x, block_view<S> sum) {
  for (index_type i = 0; i < x.rows * Width; ++i) sum.data[i] += x.data[i];
}

template <index_type Width, class W, class S>
constexpr void execute(add_operation<Width>, const call<W>& c, block_view<const S> a, block_view<const S> b,
                       block_view<S> y) {
  kernels::add<S>(a.rows, Width, a, b, y, c.workers);
}

}  // namespace typeformer
