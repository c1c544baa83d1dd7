// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/execution/call.hpp>
#include <typeformer/kernels/linear_gradients.hpp>
#include <typeformer/layers/feature_embedding.hpp>
#include <typeformer/layers/patch_embedding.hpp>
#include <typeformer/shape/class_rows.hpp>

namespace typeformer {

template <index_type Channels, bool HasClassToken, class W, class S>
constexpr void execute(load_features_operation<Channels, HasClassToken>, const call<W>& c,
                       block_view<const float> features, block_view<S> x) {
  for_each_feature_row(c.batch_of(x.rows_are), HasClassToken, [&](index_type row, index_type feature) {
    for (index_type i = 0; i < Channels; ++i) x[row][i] = feature < 0 ? S{0} : S(features[feature][i]);
  });
}

template <class Image, class Patch, bool HasClassToken, class W, class S>
constexpr void execute(load_patches_operation<Image, Patch, HasClassToken>, const call<W>& c,
                       block_view<const float> images, block_view<S> x) {
  using grid = patch_grid<Image, Patch>;
  for_each_patch_row(c.batch, HasClassToken, [&](index_type sequence, index_type row, index_type patch) {
    S* to = x[row];
    for (index_type channel = 0; channel < Image::channels; ++channel)
      for (index_type line = 0; line < Patch::height; ++line) {
        const bool is_there = patch >= 0 && patch < grid::patches;
        const float* const from = images[sequence] + (is_there ? grid::offset(patch, channel, line) : 0);
        for (index_type i = 0; i < Patch::width; ++i) *to++ = is_there ? S(from[i]) : S{0};
      }
  });
}

template <index_type Width, class W, class S>
constexpr void execute(class_token_operation<Width>, const call<W>& c, block_view<const S> x,
                       row_major_view<const S> token, block_view<S> y) {
  const batch_rows& batch = c.batch_of(x.rows_are);
  if (x.data != y.data)
    for (index_type i = 0; i < x.rows * Width; ++i) y.data[i] = x.data[i];
  for (index_type s = 0; s < batch.sequences; ++s)
    if (const index_type row = class_row(batch, s); row >= 0)
      for (index_type i = 0; i < Width; ++i) y[row][i] = token.data[i];
}
template <index_type Width, class W, class S>
constexpr void execute(class_token_back_operation<Width>, const call<W>& c, block_view<const S> dy, block_view<S> dx,
                       row_major_view<S> dtoken) {
  const batch_rows& batch = c.batch_of(dy.rows_are);
  if (dx.data != dy.data)
    for (index_type i = 0; i < dy.rows * Width; ++i) dx.data[i] = dy.data[i];
  for (index_type s = 0; s < batch.sequences; ++s)
    if (const index_type row = class_row(batch, s); row >= 0)
      for (index_type i = 0; i < Width; ++i) {
        dtoken.data[i] += dy[row][i];
        dx[row][i] = S{0};  // after the previous line, because dx may have the same memory as dy
      }
}

template <index_type Inputs, index_type Width, class W, class S>
constexpr void execute(projection_back_operation<Inputs, Width>, const call<W>& c, block_view<const S> x,
                       block_view<const S> dy, row_major_view<S> dweight, S* dbias) {
  kernels::linear_weight_gradient<S>(x.rows, x, dy, dweight, dbias, c.workers);
}

}  // namespace typeformer
