// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/execution/call.hpp>
#include <typeformer/layers/unit_length.hpp>
#include <typeformer/reference/unit_length.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

template <index_type Width, number Epsilon, class W, class S>
constexpr void execute(unit_length_operation<Width, Epsilon>, const call<W>&, block_view<const S> x, block_view<S> y,
                       block_view<S> inverse_length) {
  reference::unit_length<S>(x.rows, Width, x, S(Epsilon.value), y, inverse_length.data);
}
template <index_type Width, number Epsilon, class W, class S>
constexpr void execute(unit_length_back_operation<Width, Epsilon>, const call<W>&, block_view<const S> y,
                       block_view<const S> inverse_length, block_view<const S> dy, block_view<S> dx) {
  reference::unit_length_back<S>(y.rows, Width, y, inverse_length.data, S(Epsilon.value), dy, dx);
}

}  // namespace typeformer
