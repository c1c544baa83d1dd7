// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/execution/call.hpp>
#include <typeformer/kernels/layer_norm.hpp>
#include <typeformer/kernels/layer_norm_back.hpp>
#include <typeformer/layers/layer_norm.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

template <index_type Width, number Epsilon, class W, class S>
constexpr void execute(layer_norm_operation<Width, Epsilon>, const call<W>& c, block_view<const S> x, const S* weight,
                       const S* bias, block_view<S> y, block_view<S> statistics) {
  kernels::layer_norm<S>(x.rows, Width, x, weight, bias, S(Epsilon.value), y, statistics.data, c.workers);
}

template <index_type Width, class W, class S>
constexpr void execute(layer_norm_back_operation<Width>, const call<W>& c, block_view<const S> x,
                       block_view<const S> statistics, const S* weight, block_view<const S> dy, block_view<S> dx,
                       S* dweight, S* dbias) {
  kernels::layer_norm_back<S>(x.rows, Width, x, statistics.data, weight, dy, dx, dweight, dbias, c.workers);
}
template <index_type Width, class W, class S>
constexpr void execute(layer_norm_back_operation<Width> operation, const call<W>& c, block_view<const S> x,
                       block_view<const S> statistics, const S* weight, block_view<const S> dy, block_view<S> dx,
                       S* dweight, const S* /*no bias*/) {
  execute(operation, c, x, statistics, weight, dy, dx, dweight, static_cast<S*>(nullptr));
}

}  // namespace typeformer
