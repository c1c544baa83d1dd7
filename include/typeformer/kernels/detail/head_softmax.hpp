// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <limits>

#include <typeformer/kernels/detail/row_blocks.hpp>
#include <typeformer/simd/math.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA::detail {

/// Scores [count] become weights that add up to 1, or 0 if the query sees no key. Returns the logarithm of the sum of
/// their exponentials.
inline float weigh_scores(index_type count, float* scores) {
  using pack = simd::pack<float>;
  constexpr float lowest = -std::numeric_limits<float>::infinity();
  float largest = lowest;
  for (index_type key = 0; key < count; ++key) largest = (std::max)(largest, scores[key]);
  if (largest == lowest) {
    std::fill_n(scores, count, 0.0f);
    return lowest;
  }
  const float denominator = sum_over(count, [&](index_type key, auto n) {
    const pack weight = exp(load(scores + key, n) - pack(largest));
    store(weight, scores + key, n);
    return weight;
  });
  const pack factor(1.0f / denominator);
  for_each_pack(count, [&](index_type key, auto n) { store(load(scores + key, n) * factor, scores + key, n); });
  return largest + __builtin_logf(denominator);
}

/// Scores become probabilities. `dscores` holds the gradient of these and becomes the gradient of the products before
/// the scale. Both are zero in a row that sees no key.
inline void gradients_of_scores(index_type count, float log_sum_exp, float scale, float dy_dot_y, float* scores,
                                float* dscores) {
  using pack = simd::pack<float>;
  if (log_sum_exp == -std::numeric_limits<float>::infinity()) {
    std::fill_n(scores, count, 0.0f);
    std::fill_n(dscores, count, 0.0f);
    return;
  }
  for_each_pack(count, [&](index_type key, auto n) {
    const pack probability = exp(load(scores + key, n) - pack(log_sum_exp));
    store(probability, scores + key, n);
    store(pack(scale) * probability * (load(dscores + key, n) - pack(dy_dot_y)), dscores + key, n);
  });
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA::detail
