// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <type_traits>

#include <typeformer/kernels/detail/for_each_head.hpp>
#include <typeformer/kernels/detail/head_softmax.hpp>
#include <typeformer/kernels/detail/relative_attention_chunk.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

namespace detail {

inline void attend_relative_chunk(const relative_attention_chunk& chunk) {
  chunk.score();
  for (index_type row = 0; row < chunk.rows; ++row) {
    const index_type seen = chunk.end(row);
    const float log_sum_exp = weigh_scores(seen, chunk.content()[row]);
    std::fill(chunk.content()[row] + seen, chunk.content()[row] + chunk.end(), 0.0f);
    if (chunk.call.log_sum_exp) chunk.call.log_sum_exp[chunk.first + row][chunk.head] = log_sum_exp;
  }
  gemm_blocked<right_order::inputs_by_outputs>(chunk.rows, chunk.width(), chunk.end(),
                                               rows_view<const float>(chunk.content()), chunk.values().data,
                                               chunk.values().stride, {}, chunk.of_head(chunk.call.y, chunk.first));
}

/// Runs the heads of a call, on the workers if there is enough work.
template <class W, class F>
void for_each_relative_head(const attention_extents& extents, const relative_attention_call<float>& call,
                            const W& workers, F&& f) {
  for_each_head(extents.heads, extents.heads * call.queries * call.keys() * extents.head_width, workers, f);
}

}  // namespace detail

/// `reference::relative_attention`, same operands. The heads are shared among the workers.
///
/// `scratch` holds `relative_attention_scratch` scalars; only float reads it. Scores and values are products of
/// matrices, a few queries at a time. Data of a distance is read in place. Values of invalid keys must be finite. Cost:
/// 3 queries * visible keys * head_width multiply-adds per head.
template <class S, Workers W>
constexpr void relative_attention(const attention_extents& extents, const relative_attention_call<S>& call, S* scratch,
                                  const W& workers) {
  if constexpr (std::is_same_v<S, float>)
    if (!std::is_constant_evaluated())
      return detail::for_each_relative_head(extents, call, workers, [&](index_type head) {
        detail::for_each_relative_chunk(extents, call, head, scratch, detail::attend_relative_chunk);
      });
  reference::relative_attention<S>(extents, call);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
