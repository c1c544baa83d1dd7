// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/kernels/detail/attention_registers.hpp>
#include <typeformer/reference/attention_call.hpp>
#include <typeformer/simd/math.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA::detail {

/// scores[row][lane] = scale q[row] . k for `Packs` packs of keys, the first of which begins at `first_key`. If the packs
/// fit into a block of keys, they are in one.
template <int Rows, int Packs>
TYPEFORMER_ALWAYS_INLINE void score_packs(rows_view<const float> q, index_type width, const float* panels,
                                          index_type first_key, float scale, rows_view<float> scores) {
  using pack = simd::pack<float>;
  pack sums[Rows][Packs];
  const float* k[Packs];
  constexpr bool in_one_block = Packs * pack::lanes <= key_block;
  const float* block = panels + key_offset(first_key, width);
  TYPEFORMER_UNROLL
  for (int p = 0; p < Packs; ++p) {
    if constexpr (!in_one_block) k[p] = panels + key_offset(first_key + p * pack::lanes, width);
    TYPEFORMER_UNROLL
    for (int row = 0; row < Rows; ++row) sums[row][p] = pack(0.0f);
  }
  for (index_type column = 0; column < width; ++column) {
    pack keys[Packs];
    TYPEFORMER_UNROLL
    for (int p = 0; p < Packs; ++p)
      keys[p] = pack::load(in_one_block ? block + p * pack::lanes : k[p] + column * key_block);
    block += key_block;
    TYPEFORMER_UNROLL
    for (int row = 0; row < Rows; ++row) {
      const pack query(q[row][column]);
      TYPEFORMER_UNROLL
      for (int p = 0; p < Packs; ++p) sums[row][p] = fma(query, keys[p], sums[row][p]);
    }
  }
  TYPEFORMER_UNROLL
  for (int row = 0; row < Rows; ++row) TYPEFORMER_UNROLL
  for (int p = 0; p < Packs; ++p) (sums[row][p] * pack(scale)).store(scores[row] + p * pack::lanes);
}

template <int Rows>
inline void score_block(rows_view<const float> q, index_type width, const float* panels, index_type packs, float scale,
                        rows_view<float> scores) {
  constexpr index_type lanes = simd::pack<float>::lanes;
  index_type p = 0;
  for (; p + register_packs <= packs; p += register_packs)
    score_packs<Rows, register_packs>(q, width, panels, p * lanes, scale, {scores.data + p * lanes, scores.stride});
  for (; p < packs; ++p)
    score_packs<Rows, 1>(q, width, panels, p * lanes, scale, {scores.data + p * lanes, scores.stride});
}

/// Scores under a rule: capped, then biased; `bias` is that of the first score, or null.
inline void apply_rule(float cap, const float* bias, index_type packs, float* scores) {
  using pack = simd::pack<float>;
  for (index_type p = 0; p < packs; ++p) {
    pack score = pack::load(scores + p * pack::lanes);
    if (cap > 0) score = pack(cap) * tanh(score * pack(1 / cap));
    if (bias) score = score + pack::load(bias + p * pack::lanes);
    score.store(scores + p * pack::lanes);
  }
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA::detail
