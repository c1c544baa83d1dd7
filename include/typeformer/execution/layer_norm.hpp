// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/execution/call.hpp>
#include <typeformer/execution/gradient_or_null.hpp>
#include <typeformer/kernels/layer_norm.hpp>
#include <typeformer/kernels/layer_norm_back.hpp>
#include <typeformer/layers/layer_norm.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

template <index_type Width, number Epsilon, norm_gain Gain, class W, class S>
constexpr void execute(layer_norm_operation<Width, Epsilon, Gain>, const call<W>& c, block_view<const S> x,
                       const S* weight, const S* bias, block_view<S> y, block_view<S> statistics) {
  kernels::layer_norm<S, Gain>(x.rows, Width, x, weight, bias, S(Epsilon.value), y, statistics.data, c.workers);
}

template <index_type Width, norm_gain Gain, class W, class S, class DWeight, class DBias>
constexpr void execute(layer_norm_back_operation<Width, Gain>, const call<W>& c, block_view<const S> x,
                       block_view<const S> statistics, const S* weight, block_view<const S> dy, block_view<S> dx,
                       DWeight dweight, DBias dbias) {
  kernels::layer_norm_back<S, Gain>(x.rows, Width, x, statistics.data, weight, dy, dx,
                                    detail::gradient_or_null<S>(dweight), detail::gradient_or_null<S>(dbias),
                                    c.workers);
}

}  // namespace typeformer
