// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/execution/call.hpp>
#include <typeformer/kernels/activation.hpp>
#include <typeformer/kernels/activation_back.hpp>
#include <typeformer/layers/activation.hpp>
#include <typeformer/layers/gated_activation.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

template <class Function, index_type Width, class W, class S>
constexpr void execute(activation_operation<Function, Width>, const call<W>& c, block_view<const S> x,
                       block_view<S> y) {
  kernels::activate<Function, S>(x.rows, Width, x, y, c.workers);
}
template <class Function, index_type Width, class W, class S>
constexpr void execute(activation_back_operation<Function, Width>, const call<W>& c, block_view<const S> x,
                       block_view<const S> dy, block_view<S> dx) {
  kernels::activate_back<Function, S>(x.rows, Width, x, dy, dx, c.workers);
}

template <class Function, index_type Width, class W, class S>
constexpr void execute(gated_activation_operation<Function, Width>, const call<W>& c, block_view<const S> x,
                       block_view<S> y) {
  kernels::gated_activation<Function, S>(x.rows, Width, x, y, c.workers);
}
template <class Function, index_type Width, class W, class S>
constexpr void execute(gated_activation_back_operation<Function, Width>, const call<W>& c, block_view<const S> x,
                       block_view<const S> dy, block_view<S> dx) {
  kernels::gated_activation_back<Function, S>(x.rows, Width, x, dy, dx, c.workers);
}

}  // namespace typeformer
