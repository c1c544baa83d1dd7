// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/execution/call.hpp>
#include <typeformer/execution/series_scale.hpp>
#include <typeformer/kernels/linear.hpp>
#include <typeformer/kernels/linear_gradients.hpp>
#include <typeformer/layers/channel_forecast.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

namespace detail {
/// Each of the parts of a row as a row.
template <index_type Width, class S> constexpr rows_view<S> parts_of(block_view<S> x) { return {x.data, Width}; }
}  // namespace detail

template <index_type Chunks, index_type Inputs, index_type Outputs, class W, class S, class Weight>
constexpr void execute(chunked_linear_operation<Chunks, Inputs, Outputs>, const call<W>& c, block_view<const S> x,
                       Weight weight, const S* bias, block_view<S> y) {
  kernels::linear<S>(x.rows * Chunks, detail::parts_of<Inputs>(x), weight, bias, detail::parts_of<Outputs>(y),
                     c.workers);
}
template <index_type Chunks, index_type Inputs, index_type Outputs, class W, class S>
constexpr void execute(chunked_linear_back_operation<Chunks, Inputs, Outputs>, const call<W>& c, block_view<const S> x,
                       row_major_view<const S> weight, block_view<const S> dy, block_view<S> dx,
                       row_major_view<S> dweight, S* dbias) {
  const rows_view<const S> parts = detail::parts_of<Inputs>(x), dparts = detail::parts_of<Outputs>(dy);
  kernels::linear_weight_gradient<S>(x.rows * Chunks, parts, dparts, dweight, dbias, c.workers);
  kernels::linear_input_gradient<S>(x.rows * Chunks, dparts, weight, detail::parts_of<Inputs>(dx), c.workers);
}

template <index_type Channels, index_type Length, index_type Moments, class Scaling, class W, class S>
constexpr void execute(unscale_operation<Channels, Length, Moments, Scaling>, const call<W>&,
                       block_view<const S> scaled, block_view<const float> series, block_view<S> y) {
  for (index_type s = 0; s < y.rows; ++s)
    for (index_type channel = 0; channel < Channels; ++channel) {
      const auto scale = detail::scale_of_series<Scaling, S>(series[s] + channel, Length, Channels);
      for (index_type moment = 0; moment < Moments; ++moment)
        y[s][moment * Channels + channel] = scaled[s][channel * Moments + moment] / scale.factor + scale.shift;
    }
}
template <index_type Channels, index_type Length, index_type Moments, class Scaling, class W, class S>
constexpr void execute(unscale_back_operation<Channels, Length, Moments, Scaling>, const call<W>&,
                       block_view<const S> dy, block_view<const float> series, block_view<S> dscaled) {
  for (index_type s = 0; s < dy.rows; ++s)
    for (index_type channel = 0; channel < Channels; ++channel) {
      const auto scale = detail::scale_of_series<Scaling, S>(series[s] + channel, Length, Channels);
      for (index_type moment = 0; moment < Moments; ++moment)
        dscaled[s][channel * Moments + moment] = dy[s][moment * Channels + channel] / scale.factor;
    }
}

}  // namespace typeformer
