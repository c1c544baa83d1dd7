// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <limits>

#include <typeformer/kernels/detail/row_blocks.hpp>
#include <typeformer/simd/math.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA::detail {

/// The online softmax of one query so far. Weights are e^(score - reference). The reference is a score near the largest
/// one: it is raised only where a score exceeds it by more than `most_above_reference`, so that most blocks rescale
/// nothing.
struct softmax_state {
  using pack = simd::pack<float>;
  static constexpr float most_above_reference = 8;

  float reference;
  float rescale;                         // of what was accumulated before the current block
  float normalize;                       // of what leaves with the last block
  float denominator_lanes[pack::lanes];  // parts of the sum of the weights

  void start() {
    reference = std::numeric_limits<float>::lowest();
    rescale = 0;
    normalize = 1;
    pack(0.0f).store(denominator_lanes);
  }
  bool is_empty() const { return reference == std::numeric_limits<float>::lowest(); }
  float denominator() const { return sum(pack::load(denominator_lanes)); }
};

/// Scores outside lanes [first, end), and where `valid` is 0, become those of keys that are not seen.
inline void mask_scores(index_type packs, float* scores, float first, float end, const float* valid) {
  using pack = simd::pack<float>;
  const pack masked(-std::numeric_limits<float>::infinity());
  const bool starts_seen = !valid && first <= 0 && end > 0;  // `end` is negative if all keys are later ones
  for (index_type p = starts_seen ? static_cast<index_type>(end) / pack::lanes : 0; p < packs; ++p) {
    const pack key = pack::load(lane_numbers) + pack(static_cast<float>(p * pack::lanes));
    pack score = pack::load(scores + p * pack::lanes);
    score = select(key < pack(end), select(key < pack(first), masked, score), masked);
    if (valid) score = select(pack(0.0f) < pack::load(valid + p * pack::lanes), score, masked);
    score.store(scores + p * pack::lanes);
  }
}

/// Turns a row of scores into weights e^(score - reference).
TYPEFORMER_ALWAYS_INLINE void weigh_scores(index_type packs, float* scores, softmax_state& state) {
  using pack = simd::pack<float>;
  constexpr index_type lanes = pack::lanes;
  pack largest(std::numeric_limits<float>::lowest());
  for (index_type p = 0; p < packs; ++p) largest = greater(largest, pack::load(scores + p * lanes));
  pack total = pack::load(state.denominator_lanes);
  state.rescale = 1;
  if (any(largest > pack(state.reference + softmax_state::most_above_reference))) {
    const float reference = maximum(largest);
    state.rescale = state.is_empty() ? 0.0f : maximum(exp(pack(state.reference - reference)));
    state.reference = reference;
    total = total * pack(state.rescale);
  }
  const pack reference(state.reference);
  for (index_type p = 0; p < packs; ++p) {
    const pack weight = exp(pack::load(scores + p * lanes) - reference);
    weight.store(scores + p * lanes);
    total = total + weight;
  }
  total.store(state.denominator_lanes);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA::detail
