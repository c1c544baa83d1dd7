// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/execution/call.hpp>
#include <typeformer/execution/series_scale.hpp>
#include <typeformer/kernels/linear_gradients.hpp>
#include <typeformer/layers/feature_embedding.hpp>
#include <typeformer/layers/patch_embedding.hpp>
#include <typeformer/layers/projected_rows.hpp>
#include <typeformer/layers/series_embedding.hpp>
#include <typeformer/shape/block_view.hpp>
#include <typeformer/shape/class_rows.hpp>

namespace typeformer {

template <index_type Channels, bool HasClassToken, class W, class S>
constexpr void execute(load_features_operation<Channels, HasClassToken>, const call<W>& c,
                       block_view<const float> features, block_view<S> x) {
  for_each_feature_row(c.batch_of(x.rows_are), HasClassToken, [&](index_type row, index_type feature) {
    for (index_type i = 0; i < Channels; ++i) x[row][i] = feature < 0 ? S{0} : S(features[feature][i]);
  });
}

template <class Grid, class_row_layout Learned, class W, class S>
constexpr void execute(load_patches_operation<Grid, Learned>, const call<W>& c, block_view<const float> images,
                       block_view<S> x) {
  using patch = typename Grid::patch;
  for_each_patch_row(c.batch, Learned, [&](index_type sequence, index_type row, index_type number) {
    S* to = x[row];
    for (index_type channel = 0; channel < Grid::image::channels; ++channel)
      for (index_type line = 0; line < patch::height; ++line) {
        const bool is_there = number >= 0 && number < Grid::patches;
        const float* const from = images[sequence] + (is_there ? Grid::offset(number, channel, line) : 0);
        for (index_type i = 0; i < patch::width; ++i) *to++ = is_there ? S(from[i * Grid::step]) : S{0};
      }
  });
}

template <class Grid, class Scaling, class_row_layout Learned, class W, class S>
constexpr void execute(load_series_operation<Grid, Scaling, Learned>, const call<W>& c, block_view<const float> series,
                       block_view<S> x) {
  constexpr index_type channels = Grid::image::height, length = Grid::image::width;
  auto scale = detail::scale_of_series<without_scaling, S>(nullptr, 0, 0);
  for_each_patch_row(c.batch, Learned, [&](index_type sequence, index_type row, index_type number) {
    if (number < 0 || number >= Grid::patches) {
      for (index_type i = 0; i < Grid::values; ++i) x[row][i] = S{0};
      return;
    }
    const float* const from = series[sequence] + Grid::offset(number, 0, 0);
    if (number % Grid::in_a_row == 0)  // the first patch of a channel
      scale = detail::scale_of_series<Scaling, S>(series[sequence] + number / Grid::in_a_row, length, channels);
    for (index_type i = 0; i < Grid::values; ++i) x[row][i] = scale.of(S(from[i * Grid::step]));
  });
}

template <index_type Width, class_row_layout Learned, class W, class S>
constexpr void execute(class_token_operation<Width, Learned>, const call<W>& c, block_view<const S> x,
                       row_major_view<const S> tokens_to_add, block_view<S> y) {
  if (x.data != y.data)
    for (index_type i = 0; i < x.rows * Width; ++i) y.data[i] = x.data[i];
  for_each_class_row(c.batch_of(x.rows_are), Learned, [&](index_type row, index_type number) {
    for (index_type i = 0; i < Width; ++i) y[row][i] = tokens_to_add(number, i);
  });
}
template <index_type Width, class_row_layout Learned, class W, class S>
constexpr void execute(class_token_back_operation<Width, Learned>, const call<W>& c, block_view<const S> dy,
                       block_view<S> dx, row_major_view<S> dtokens) {
  if (dx.data != dy.data)
    for (index_type i = 0; i < dy.rows * Width; ++i) dx.data[i] = dy.data[i];
  for_each_class_row(c.batch_of(dy.rows_are), Learned, [&](index_type row, index_type number) {
    for (index_type i = 0; i < Width; ++i) {
      dtokens(number, i) += dy[row][i];
      dx[row][i] = S{0};  // after the previous line, because dx may have the same memory as dy
    }
  });
}

template <index_type Inputs, index_type Width, class W, class S>
constexpr void execute(projection_back_operation<Inputs, Width>, const call<W>& c, block_view<const S> x,
                       block_view<const S> dy, row_major_view<S> dweight, S* dbias) {
  kernels::linear_weight_gradient<S>(x.rows, x, dy, dweight, dbias, c.workers);
}

}  // namespace typeformer
