// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/execution/call.hpp>
#include <typeformer/execution/objective_operations.hpp>
#include <typeformer/kernels/head_cross_entropy.hpp>
#include <typeformer/shape/block_view.hpp>
#include <typeformer/shape/inputs.hpp>

namespace typeformer {

namespace detail {
template <number Smoothing, number SoftCap, class S>
constexpr row_labels<S> scaled_labels(block_view<const std::int32_t> labels, block_view<const double> scale) {
  return {labels.data, no_label, S(Smoothing.value), S(*scale.data), S(SoftCap.value)};
}
}  // namespace detail

template <index_type Width, index_type Classes, index_type ChunkRows, number Smoothing, number SoftCap, class W,
          class S, class Weight>
constexpr void execute(head_cross_entropy_operation<Width, Classes, ChunkRows, Smoothing, SoftCap>, const call<W>& c,
                       block_view<const S> h, Weight weight, const S* bias, block_view<const std::int32_t> labels,
                       block_view<const double> scale, block_view<S> scores, block_view<S> gathered,
                       block_view<S> found) {
  const auto evaluated = kernels::head_cross_entropy<S>(h.rows, h, weight, bias,
                                                        detail::scaled_labels<Smoothing, SoftCap, S>(labels, scale),
                                                        {ChunkRows, scores.data, gathered.data, nullptr}, c.workers);
  found.data[0] = evaluated.loss;
  found.data[1] = S(evaluated.correct);
}

template <index_type Width, index_type Classes, index_type ChunkRows, number Smoothing, number SoftCap, class W,
          class S>
constexpr void execute(head_cross_entropy_gradient_operation<Width, Classes, ChunkRows, Smoothing, SoftCap>,
                       const call<W>& c, block_view<const S> h, row_major_view<const S> weight, const S* bias,
                       block_view<const std::int32_t> labels, block_view<const double> scale, block_view<S> scores,
                       block_view<S> gathered, block_view<S> found, block_view<S> dh, row_major_view<S> dweight,
                       S* dbias) {
  *found.data = kernels::head_cross_entropy_gradient<S>(
      h.rows, h, weight, bias, detail::scaled_labels<Smoothing, SoftCap, S>(labels, scale),
      {ChunkRows, scores.data, gathered.data, gathered.data + ChunkRows * Width,
       SoftCap.value == 0 ? nullptr : scores.data + ChunkRows * Classes},
      dh, dweight, dbias, c.workers);
}
template <index_type Width, index_type Classes, index_type ChunkRows, number Smoothing, number SoftCap, class W,
          class S>
constexpr void execute(head_cross_entropy_gradient_operation<Width, Classes, ChunkRows, Smoothing, SoftCap> operation,
                       const call<W>& c, block_view<const S> h, row_major_view<const S> weight, const S* bias,
                       block_view<const std::int32_t> labels, block_view<const double> scale, block_view<S> scores,
                       block_view<S> gathered, block_view<S> found, block_view<S> dh, row_major_view<S> dweight,
                       const S* /*no bias*/) {
  execute(operation, c, h, weight, bias, labels, scale, scores, gathered, found, dh, dweight, static_cast<S*>(nullptr));
}

}  // namespace typeformer
