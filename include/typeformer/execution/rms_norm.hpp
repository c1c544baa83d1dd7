// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/execution/call.hpp>
#include <typeformer/execution/gradient_or_null.hpp>
#include <typeformer/kernels/rms_norm.hpp>
#include <typeformer/kernels/rms_norm_back.hpp>
#include <typeformer/layers/rms_norm.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

template <index_type Width, number Epsilon, norm_gain Gain, class W, class S>
constexpr void execute(rms_norm_operation<Width, Epsilon, Gain>, const call<W>& c, block_view<const S> x,
                       const S* weight, block_view<S> y, block_view<S> inverse_rms) {
  kernels::rms_norm<S, Gain>(x.rows, Width, x, weight, S(Epsilon.value), y, inverse_rms.data, c.workers);
}

template <index_type Width, norm_gain Gain, class W, class S, class DWeight>
constexpr void execute(rms_norm_back_operation<Width, Gain>, const call<W>& c, block_view<const S> x,
                       block_view<const S> inverse_rms, const S* weight, block_view<const S> dy, block_view<S> dx,
                       DWeight dweight) {
  kernels::rms_norm_back<S, Gain>(x.rows, Width, x, inverse_rms.data, weight, dy, dx,
                                  detail::gradient_or_null<S>(dweight), c.workers);
}

}  // namespace typeformer
