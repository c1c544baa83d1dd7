// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/kernels/detail/relative_attention_chunk.hpp>
#include <typeformer/parallel/workers.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

namespace detail {

/// Scores [count] become weights that add up to 1, or 0 where nothing is seen; the logarithm of the sum of their
/// exponentials.
inline float weigh_relative_scores(index count, float* scores) {
  using pack = simd::pack<float>;
  constexpr float lowest = -std::numeric_limits<float>::infinity();
  float largest = lowest;
  for (index key = 0; key < count; ++key) largest = std::max(largest, scores[key]);
  if (largest == lowest) {
    std::fill_n(scores, count, 0.0f);
    return lowest;
  }
  const float denominator = sum_over(count, [&](index key, auto n) {
    const pack weight = exp(load(scores + key, n) - pack(largest));
    store(weight, scores + key, n);
    return weight;
  });
  const pack factor(1.0f / denominator);
  for_each_pack(count, [&](index key, auto n) { store(load(scores + key, n) * factor, scores + key, n); });
  return largest + __builtin_logf(denominator);
}

inline void attend_relative_chunk(const relative_attention_chunk& chunk) {
  chunk.score();
  for (index row = 0; row < chunk.rows; ++row) {
    const index seen = chunk.position(row) + 1;
    const float log_sum_exp = weigh_relative_scores(seen, chunk.content()[row]);
    std::fill(chunk.content()[row] + seen, chunk.content()[row] + chunk.end(), 0.0f);
    if (chunk.call.log_sum_exp) chunk.call.log_sum_exp[chunk.first + row][chunk.head] = log_sum_exp;
  }
  gemm_blocked<right_order::inputs_by_outputs>(chunk.rows, chunk.width(), chunk.end(),
                                               rows_view<const float>(chunk.content()), chunk.values().data,
                                               chunk.values().stride, {}, chunk.of_head(chunk.call.y, chunk.first));
}

/// `workers` for work that is worth more than one of them, else the calling thread.
template <class W, class F>
void for_each_relative_head(const attention_extents& extents, const relative_attention_call<float>& call,
                            const W& workers, F&& f) {
  const index multiplications = extents.heads * call.queries * call.keys() * extents.head_width;
  if (multiplications > 4 * elements_per_part) workers.for_each(extents.heads, f);
  else inline_workers{}.for_each(extents.heads, f);
}

}  // namespace detail

/// `reference::relative_attention`, same operands; the heads are shared among the workers.
///
/// `scratch` holds `relative_attention_scratch` scalars; only float reads it. Scores and values are products of matrices, a
/// few queries at a time; what belongs to a distance is looked up where it lies. Values of keys that are not valid must
/// be finite. Cost: 3 queries * visible keys * head_width multiply-adds a head.
template <class S, Workers W>
constexpr void relative_attention(const attention_extents& extents, const relative_attention_call<S>& call, S* scratch,
                                  const W& workers) {
  if constexpr (std::is_same_v<S, float>)
    if (!std::is_constant_evaluated())
      return detail::for_each_relative_head(extents, call, workers, [&](index head) {
        detail::for_each_relative_chunk(extents, call, head, scratch, detail::attend_relative_chunk);
      });
  reference::relative_attention<S>(extents, call);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
