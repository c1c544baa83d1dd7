// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <type_traits>

#include <typeformer/kernels/detail/attention_tile.hpp>
#include <typeformer/reference/narrow_attention_call.hpp>
#include <typeformer/simd/narrow_numbers.hpp>

/// A single query against keys and values in a narrow format, which are widened in registers. Scales of keys multiply the
/// scores, those of values the weights.
namespace typeformer::kernels::inline TYPEFORMER_ISA::detail {

/// `pack<float>` at bytes that hold floats.
TYPEFORMER_ALWAYS_INLINE simd::pack<float> load_scales(const std::byte* from) {
  float copy[simd::pack<float>::lanes];
  __builtin_memcpy(copy, from, sizeof copy);
  return simd::pack<float>::load(copy);
}
template <class Format>
TYPEFORMER_ALWAYS_INLINE void multiply_by_scales(cached_heads<Format, const std::byte> of, index_type head,
                                                 index_type token, index_type count, float* x) {
  constexpr index_type lanes = simd::pack<float>::lanes;
  index_type i = 0;
  for (; i + lanes <= count; i += lanes)
    (simd::pack<float>::load(x + i) * load_scales(of.scales(head, token + i))).store(x + i);
  for (; i < count; ++i) x[i] *= of.scale(head, token + i, 0);
}

/// scores[lane] = scale q . k for `Packs` packs of keys, without the scales of tokens.
template <class Format, int Packs>
TYPEFORMER_ALWAYS_INLINE void narrow_score_packs(const float* q, index_type width,
                                                 cached_heads<Format, const std::byte> keys, index_type head,
                                                 index_type first_key, float scale, float* scores) {
  using pack = simd::pack<float>;
  constexpr index_type bytes = cached_heads<Format, const std::byte>::bytes;
  pack sums[Packs];
  const std::byte* k[Packs];
  TYPEFORMER_UNROLL
  for (int p = 0; p < Packs; ++p) {
    k[p] = keys.at(head, key_offset(first_key + p * pack::lanes, width));
    sums[p] = pack(0.0f);
  }
  for (index_type column = 0; column < width; ++column) {
    float number = q[column];
    if constexpr (cached_number<Format>::has_column_scale) number *= keys.column_scales(head)[column];
    const pack query(number);
    TYPEFORMER_UNROLL
    for (int p = 0; p < Packs; ++p)
      sums[p] = fma(query, simd::load_numbers<Format>(k[p] + column * key_block * bytes), sums[p]);
  }
  TYPEFORMER_UNROLL
  for (int p = 0; p < Packs; ++p) (sums[p] * pack(scale)).store(scores + p * pack::lanes);
}

/// y = (y * rescale + scale * sum over keys of weights[key] v[key]) * normalize for `Packs` packs of columns of n lanes, each
/// column with its scale if the format has them.
template <class Format, int Packs, int Chains, class N>
TYPEFORMER_ALWAYS_INLINE void sum_narrow_values(index_type keys, const float* weights, const std::byte* v,
                                                const float* scales, index_type stride, float* y,
                                                const softmax_state& state, bool fresh, N n) {
  using pack = simd::pack<float>;
  constexpr index_type bytes = cached_heads<Format, const std::byte>::bytes;
  constexpr bool has_scales = cached_number<Format>::has_column_scale;
  pack sums[Chains][Packs], start[Packs];
  TYPEFORMER_UNROLL
  for (int p = 0; p < Packs; ++p) {
    start[p] = fresh ? pack(0.0f) : load(y + p * pack::lanes, n) * pack(state.rescale);
    sums[0][p] = has_scales ? pack(0.0f) : start[p];
    TYPEFORMER_UNROLL
    for (int chain = 1; chain < Chains; ++chain) sums[chain][p] = pack(0.0f);
  }
  const auto add = [&](index_type key, int chain) __attribute__((always_inline)) {
    const pack weight(weights[key]);
    TYPEFORMER_UNROLL
    for (int p = 0; p < Packs; ++p) {
      const std::byte* const at = v + (key * stride + p * pack::lanes) * bytes;
      if constexpr (std::is_same_v<N, index_type>)
        sums[chain][p] = fma(weight, simd::load_numbers<Format>(at, n), sums[chain][p]);
      else sums[chain][p] = fma(weight, simd::load_numbers<Format>(at), sums[chain][p]);
    }
  };
  index_type key = 0;
  for (; key + Chains <= keys; key += Chains) {
    TYPEFORMER_UNROLL
    for (int chain = 0; chain < Chains; ++chain) add(key + chain, chain);
  }
  for (; key < keys; ++key) add(key, 0);
  TYPEFORMER_UNROLL
  for (int p = 0; p < Packs; ++p) {
    pack total = sums[0][p];
    TYPEFORMER_UNROLL
    for (int chain = 1; chain < Chains; ++chain) total = total + sums[chain][p];
    if constexpr (has_scales) total = fma(total, load(scales + p * pack::lanes, n), start[p]);
    store(total * pack(state.normalize), y + p * pack::lanes, n);
  }
}
/// The same for all columns of a head; `v` has rows of `width` numbers.
template <class Format>
void sum_narrow_values(index_type width, index_type keys, const float* weights, const std::byte* v, const float* scales,
                       float* y, const softmax_state& state, bool fresh) {
  constexpr index_type lanes = simd::pack<float>::lanes, bytes = cached_heads<Format, const std::byte>::bytes;
  constexpr std::integral_constant<index_type, lanes> all{};
  const auto scales_at = [&](index_type first) { return scales ? scales + first : nullptr; };
  index_type column = 0;
  for (; column + 4 * lanes <= width; column += 4 * lanes)
    sum_narrow_values<Format, 4, 1>(keys, weights, v + column * bytes, scales_at(column), width, y + column, state,
                                    fresh, all);
  for (; column + lanes <= width; column += lanes)
    sum_narrow_values<Format, 1, 4>(keys, weights, v + column * bytes, scales_at(column), width, y + column, state,
                                    fresh, all);
  if (column < width)
    sum_narrow_values<Format, 1, 1>(keys, weights, v + column * bytes, scales_at(column), width, y + column, state,
                                    fresh, width - column);
}

/// Adds the share of the keys [block, block_end) to a tile of one query; `block` begins a panel.
template <bool HasRule, class Format>
TYPEFORMER_NOINLINE void attend_narrow(const attention_extents& extents,
                                       const narrow_attention_call<Format, float>& call, const attention_head& of,
                                       index_type block, index_type block_end, attention_tile& tile) {
  constexpr index_type lanes = simd::pack<float>::lanes;
  const index_type width = extents.head_width, head = extents.kv_head_of(of.head),
                   packs = (block_end - block + lanes - 1) / lanes;
  float scores[single_query_block_keys], valid[single_query_block_keys];
  softmax_state& state = tile.states[0];
  if (call.key_valid) {
    bool any = false;
    for (index_type key = block; key < block + packs * lanes; ++key) {
      const bool is_valid = key < block_end && call.key_valid[key];
      valid[key - block] = is_valid ? 1.0f : 0.0f;
      any |= is_valid;
    }
    if (!any) return;
  }
  const float* const q = of.q[tile.query];
  const auto scale = static_cast<float>(extents.scale);
  index_type p = 0;
  for (; p + 4 <= packs; p += 4)
    narrow_score_packs<Format, 4>(q, width, call.cached_keys, head, block + p * lanes, scale, scores + p * lanes);
  for (; p < packs; ++p)
    narrow_score_packs<Format, 1>(q, width, call.cached_keys, head, block + p * lanes, scale, scores + p * lanes);
  if constexpr (cached_number<Format>::has_token_scale)
    multiply_by_scales(call.cached_keys, head, block, packs * lanes, scores);
  if constexpr (HasRule) {
    const score_rule<float>& rule = *call.rule;
    const float* const bias = rule.bias ? rule.bias + rule.bias_at(of.head, block - (call.past + tile.query)) : nullptr;
    apply_rule(rule.soft_cap, bias, packs, scores);
  }
  if (call.key_valid || block < tile.first_key[0] || tile.end_key[0] < block + packs * lanes)
    mask_scores(packs, scores, static_cast<float>(tile.first_key[0] - block),
                static_cast<float>(tile.end_key[0] - block), call.key_valid ? valid : nullptr);
  weigh_scores(packs, scores, state);
  if constexpr (cached_number<Format>::has_token_scale)
    multiply_by_scales(call.cached_values, head, block, block_end - block, scores);

  // Values of invalid keys are never read, because they may be uninitialized.
  const auto is_readable = [&](index_type key) { return !call.key_valid || call.key_valid[key]; };
  for (index_type run = block, run_end; run < block_end; run = run_end) {
    while (run < block_end && !is_readable(run)) ++run;
    for (run_end = call.key_valid ? run : block_end; run_end < block_end && is_readable(run_end);) ++run_end;
    if (run == run_end) break;
    if (run_end == tile.end) {
      const float denominator = state.denominator();
      state.normalize = denominator == 0 ? 0.0f : 1.0f / denominator;
    }
    sum_narrow_values<Format>(width, run_end - run, scores + (run - block), call.cached_values.at(head, run * width),
                              call.cached_values.column_scales(head), of.y[tile.query], state, tile.fresh);
    tile.fresh = false;
    state.rescale = 1;
  }
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA::detail
