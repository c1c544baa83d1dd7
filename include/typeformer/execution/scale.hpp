// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/execution/call.hpp>
#include <typeformer/layers/scale.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

template <index_type Width, number Factor, class W, class S>
constexpr void execute(scale_operation<Width, Factor>, const call<W>&, block_view<const S> x, block_view<S> y) {
  for (index_type i = 0; i < x.rows * Width; ++i) y.data[i] = S(Factor.value) * x.data[i];
}

}  // namespace typeformer
