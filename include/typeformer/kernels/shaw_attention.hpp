// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <type_traits>

#include <typeformer/kernels/detail/for_each_head.hpp>
#include <typeformer/kernels/detail/head_softmax.hpp>
#include <typeformer/kernels/detail/shaw_attention_chunk.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

namespace detail {

template <class Mask> void attend_shaw_chunk(const shaw_attention_chunk<Mask>& chunk) {
  constexpr auto by_inputs = right_order::inputs_by_outputs;
  const rows_view<float> scores = chunk.scores(), y = chunk.of_head(chunk.call.y, chunk.first);
  const rows_view<const float> v = chunk.of_head(chunk.call.v), of_values = chunk.call.distance_values;
  chunk.score();
  for (index_type row = 0; row < chunk.rows; ++row) {
    const float log_sum_exp = weigh_scores(chunk.seen(row), scores[row]);
    std::fill(scores[row] + chunk.seen(row), scores[row] + chunk.end(), 0.0f);
    if (chunk.call.log_sum_exp) chunk.call.log_sum_exp[chunk.first + row][chunk.head] = log_sum_exp;
  }
  gemm_blocked<by_inputs>(chunk.rows, chunk.width(), chunk.end(), rows_view<const float>(scores), v.data, v.stride, {},
                          y);
  chunk.sum_by_distance(scores, chunk.by_distances(0));
  gemm_blocked<by_inputs>(chunk.rows, chunk.width(), chunk.distances(), rows_view<const float>(chunk.by_distances(0)),
                          of_values.data, of_values.stride, {y.data, y.stride}, y);
}

}  // namespace detail

/// `reference::shaw_attention`, same operands. The heads are shared among the workers.
///
/// `scratch` holds `shaw_attention_scratch` scalars; only float reads it. Scores, values and the terms of distances are
/// products of matrices, a few queries at a time. Values of invalid keys must be finite. Cost: 2 queries * (visible
/// keys + 2 reach + 1) * head_width multiply-adds per head.
template <class Mask, class S, Workers W>
constexpr void shaw_attention(const attention_extents& extents, const shaw_attention_call<S>& call, S* scratch,
                              const W& workers) {
  if constexpr (std::is_same_v<S, float>)
    if (!std::is_constant_evaluated())
      return detail::for_each_head(extents.heads, extents.heads * call.queries * call.keys() * extents.head_width,
                                   workers, [&](index_type head) {
                                     detail::for_each_shaw_chunk<Mask>(extents, call, head, scratch,
                                                                       detail::attend_shaw_chunk<Mask>);
                                   });
  reference::shaw_attention<Mask, S>(extents, call);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
