// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/call.hpp>
#include <typeformer/kernels/head_cross_entropy.hpp>
#include <typeformer/objectives/token_cross_entropy.hpp>

namespace typeformer {

template <index Width, index Classes, index ChunkRows, number Smoothing, class W, class S, class Weight>
constexpr void execute(head_cross_entropy_operation<Width, Classes, ChunkRows, Smoothing>, const call<W>& c,
                       block_view<const S> h, Weight weight, block_view<S> scores, block_view<S> gathered,
                       block_view<S> loss) {
  *loss.data = kernels::head_cross_entropy<S>(h.rows, h, weight, static_cast<const S*>(nullptr),
                                              {c.batch.labels, no_label, S(Smoothing.value), S(c.batch.loss_scale)},
                                              {ChunkRows, scores.data, gathered.data, nullptr}, c.workers)
                   .loss;
}

template <index Width, index Classes, index ChunkRows, number Smoothing, class W, class S, class Weight>
constexpr void execute(head_cross_entropy_gradient_operation<Width, Classes, ChunkRows, Smoothing>, const call<W>& c,
                       block_view<const S> h, Weight weight, block_view<S> scores, block_view<S> gathered,
                       block_view<S> loss, block_view<S> dh, row_major_view<S> dweight) {
  *loss.data = kernels::head_cross_entropy_gradient<S>(
      h.rows, h, weight, static_cast<const S*>(nullptr),
      {c.batch.labels, no_label, S(Smoothing.value), S(c.batch.loss_scale)},
      {ChunkRows, scores.data, gathered.data, gathered.data + ChunkRows * Width}, dh, dweight,
      static_cast<S*>(nullptr), c.workers);
}

}  // namespace typeformer
