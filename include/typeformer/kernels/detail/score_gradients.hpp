// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/kernels/detail/row_blocks.hpp>
#include <typeformer/reference/attention_call.hpp>
#include <typeformer/simd/math.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA::detail {

/// A rule, the query head that it is asked for, and the distance from a tile's first query to a block's first key.
struct tile_rule {
  const score_rule<float>* rule;
  index_type head, distance;

  index_type bias_at(index_type row) const { return rule->bias_at(head, distance - row); }
};

/// One row: scores become probabilities, their gradients the gradients of the scores times scale.
TYPEFORMER_ALWAYS_INLINE void score_gradients(index_type first, index_type end, float first_key, float end_key,
                                              const float* valid, float log_sum_exp, float dy_dot_y, float scale,
                                              float* scores, float* dscores) {
  using pack = simd::pack<float>;
  const pack zero(0.0f), shift(log_sum_exp), projection(dy_dot_y);
  for (index_type key = first; key < end; key += pack::lanes) {
    const pack number = pack::load(lane_numbers) + pack(static_cast<float>(key));
    pack probability = exp(pack::load(scores + key) - shift);
    pack gradient = probability * (pack::load(dscores + key) - projection) * pack(scale);
    const auto mask = [&](pack x) __attribute__((always_inline)) {
      x = select(number < pack(end_key), select(number < pack(first_key), zero, x), zero);
      return valid ? select(zero < pack::load(valid + key), x, zero) : x;
    };
    mask(probability).store(scores + key);
    mask(gradient).store(dscores + key);
  }
}

/// `score_gradients` of scores under a rule; `row` is the query's in its tile.
inline void ruled_score_gradients(const tile_rule& of_tile, index_type row, index_type first, index_type end,
                                  float first_key, float end_key, const float* valid, float log_sum_exp, float dy_dot_y,
                                  float scale, float* scores, float* dscores) {
  using pack = simd::pack<float>;
  const score_rule<float>& rule = *of_tile.rule;
  const index_type at = of_tile.bias_at(row);
  const pack zero(0.0f), one(1.0f), shift(log_sum_exp), projection(dy_dot_y);
  for (index_type key = first; key < end; key += pack::lanes) {
    const pack number = pack::load(lane_numbers) + pack(static_cast<float>(key));
    const auto mask = [&](pack x) __attribute__((always_inline)) {
      x = select(number < pack(end_key), select(number < pack(first_key), zero, x), zero);
      return valid ? select(zero < pack::load(valid + key), x, zero) : x;
    };
    pack score = pack::load(scores + key), slope = one;
    if (rule.soft_cap > 0) {
      const pack tangent = tanh(score * pack(1 / rule.soft_cap));
      score = pack(rule.soft_cap) * tangent;
      slope = one - tangent * tangent;  // forward: cap * tanh(score / cap)
    }
    if (rule.bias) score = score + pack::load(rule.bias + at + key);
    const pack probability = mask(exp(score - shift));
    const pack gradient = mask(probability * (pack::load(dscores + key) - projection));
    if (rule.dbias) (pack::load(rule.dbias + at + key) + gradient).store(rule.dbias + at + key);
    probability.store(scores + key);
    mask(gradient * slope * pack(scale)).store(dscores + key);
  }
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA::detail
