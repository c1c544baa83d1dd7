// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/execution/call.hpp>
#include <typeformer/execution/low_rank.hpp>
#include <typeformer/kernels/linear.hpp>
#include <typeformer/kernels/linear_gradients.hpp>
#include <typeformer/layers/linear.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

template <index_type Inputs, index_type Outputs, class W, class S, class Weight>
constexpr void execute(linear_operation<Inputs, Outputs>, const call<W>& c, block_view<const S> x, Weight weight,
                       const S* bias, block_view<S> y) {
  kernels::linear<S>(x.rows, x, weight, bias, y, c.workers);
}

template <index_type Inputs, index_type Outputs, class W, class S>
constexpr void execute(linear_back_operation<Inputs, Outputs>, const call<W>& c, block_view<const S> x,
                       row_major_view<const S> weight, block_view<const S> dy, block_view<S> dx,
                       row_major_view<S> dweight, S* dbias) {
  kernels::linear_weight_gradient<S>(x.rows, x, dy, dweight, dbias, c.workers);
  kernels::linear_input_gradient<S>(x.rows, dy, weight, dx, c.workers);
}
template <index_type Inputs, index_type Outputs, class W, class S>
constexpr void execute(linear_back_operation<Inputs, Outputs> operation, const call<W>& c, block_view<const S> x,
                       row_major_view<const S> weight, block_view<const S> dy, block_view<S> dx,
                       row_major_view<S> dweight, const S* /*no bias*/) {
  execute(operation, c, x, weight, dy, dx, dweight, static_cast<S*>(nullptr));
}

}  // namespace typeformer
