// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/execution/call.hpp>
#include <typeformer/layers/clipped_projections.hpp>
#include <typeformer/reference/clip.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

template <index_type Width, number Limit, class W, class S>
constexpr void execute(clip_operation<Width, Limit>, const call<W>&, block_view<const S> x, block_view<S> y) {
  reference::clip<S>(x.rows, Width, x, S(Limit.value), y);
}
template <index_type Width, number Limit, class W, class S>
constexpr void execute(clip_back_operation<Width, Limit>, const call<W>&, block_view<const S> y, block_view<const S> dy,
                       block_view<S> dx) {
  reference::clip_back<S>(y.rows, Width, y, S(Limit.value), dy, dx);
}

}  // namespace typeformer
