// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/execution/call.hpp>
#include <typeformer/layers/frozen_batch_norm.hpp>
#include <typeformer/reference/frozen_batch_norm.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

template <index_type Width, number Epsilon, class W, class S>
constexpr void execute(frozen_batch_norm_operation<Width, Epsilon>, const call<W>&, block_view<const S> x,
                       const S* weight, const S* bias, const S* mean, const S* variance, block_view<S> y) {
  reference::frozen_batch_norm<S>(x.rows, Width, Epsilon.value, x, weight, bias, mean, variance, y);
}
template <index_type Width, number Epsilon, class W, class S>
constexpr void execute(frozen_batch_norm_back_operation<Width, Epsilon>, const call<W>&, block_view<const S> x,
                       const S* weight, const S* mean, const S* variance, block_view<const S> dy, block_view<S> dx,
                       S* dweight, S* dbias) {
  reference::frozen_batch_norm_back<S>(x.rows, Width, Epsilon.value, x, weight, mean, variance, dy, dx, dweight, dbias);
}

}  // namespace typeformer
