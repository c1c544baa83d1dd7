// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <limits>

#include <typeformer/kernels/detail/row_blocks.hpp>
#include <typeformer/simd/math.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA::detail {

/// The online softmax of one query so far.
struct softmax_state {
  float largest = std::numeric_limits<float>::lowest();
  float denominator = 0;
  float rescale = 0;    // of what was accumulated before the current block
  float normalize = 1;  // of what leaves with the last block
};

/// Turns a row of scores into weights e^(score - largest), zero outside lanes [first, end) and where `valid` is 0.
template <bool Masked>
TYPEFORMER_ALWAYS_INLINE void weigh_scores(index_type packs, float* scores, float first, float end, const float* valid,
                                           softmax_state& state) {
  using pack = simd::pack<float>;
  constexpr index_type lanes = pack::lanes;
  pack largest(state.largest);
  for (index_type p = 0; p < packs; ++p) {
    pack score = pack::load(scores + p * lanes);
    if constexpr (Masked) {
      const pack masked(-std::numeric_limits<float>::infinity());
      const pack key = pack::load(lane_numbers) + pack(static_cast<float>(p * lanes));
      score = select(key < pack(end), select(key < pack(first), masked, score), masked);
      if (valid) score = select(pack(0.0f) < pack::load(valid + p * lanes), score, masked);
      score.store(scores + p * lanes);
    }
    largest = greater(largest, score);
  }
  const float new_largest = maximum(largest);
  pack total(0.0f);
  for (index_type p = 0; p < packs; ++p) {
    const pack weight = exp(pack::load(scores + p * lanes) - pack(new_largest));
    weight.store(scores + p * lanes);
    total = total + weight;
  }
  if (state.denominator == 0) state.rescale = 0;
  else state.rescale = state.largest == new_largest ? 1.0f : __builtin_expf(state.largest - new_largest);
  state.denominator = state.denominator * state.rescale + sum(total);
  state.largest = new_largest;
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA::detail
