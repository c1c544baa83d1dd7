// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/execution/call.hpp>
#include <typeformer/kernels/soft_cap.hpp>
#include <typeformer/layers/logits.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

template <index_type Width, number Cap, class W, class S>
constexpr void execute(soft_cap_operation<Width, Cap>, const call<W>& c, block_view<const S> x, block_view<S> y) {
  kernels::soft_cap<S>(x.rows, Width, x, S(Cap.value), y, c.workers);
}
template <index_type Width, number Cap, class W, class S>
constexpr void execute(soft_cap_back_operation<Width, Cap>, const call<W>& c, block_view<const S> y,
                       block_view<const S> dy, block_view<S> dx) {
  kernels::soft_cap_back<S>(y.rows, Width, y, S(Cap.value), dy, dx, c.workers);
}

}  // namespace typeformer
