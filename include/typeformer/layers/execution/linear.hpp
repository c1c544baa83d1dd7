// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/kernels/linear.hpp>
#include <typeformer/layers/linear.hpp>
#include <typeformer/reference/linear.hpp>
#include <typeformer/contract/call.hpp>

namespace typeformer {

template <index Inputs, index Outputs, class W, class S, class Weight>
constexpr void execute(linear_operation<Inputs, Outputs>, const call<W>& c, block_view<const S> x, Weight weight,
                       const S* bias, block_view<S> y) {
  kernels::linear<S>(x.rows, x, weight, bias, y, c.workers);
}

template <index Inputs, index Outputs, class W, class S, class Weight>
constexpr void execute(linear_back_operation<Inputs, Outputs>, const call<W>&, block_view<const S> x, Weight weight,
                       block_view<const S> dy, block_view<S> dx, row_major_view<S> dweight, std::type_identity_t<S>* dbias) {
  reference::linear_back<S>(x.rows, x, weight, dy, dx, dweight, dbias);
}
template <index Inputs, index Outputs, class W, class S, class Weight>
constexpr void execute(linear_back_operation<Inputs, Outputs> operation, const call<W>& c, block_view<const S> x,
                       Weight weight, block_view<const S> dy, block_view<S> dx, row_major_view<S> dweight, const S*) {
  execute(operation, c, x, weight, dy, dx, dweight, static_cast<S*>(nullptr));
}

}  // namespace typeformer
