// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <limits>
#include <type_traits>

#include <typeformer/kernels/detail/row_blocks.hpp>
#include <typeformer/reference/attention_call.hpp>
#include <typeformer/simd/math.hpp>

/// A few queries of one head against all their keys, one block of keys at a time, with an online softmax (Milakov,
/// Gimelshein 2018; Dao 2023, algorithm 1). Only one tile of scores exists, on the stack.
namespace typeformer::kernels::inline TYPEFORMER_ISA::detail {

/// The queries of a tile, the keys of a block for several queries, and for a single query, whose scores need no more
/// memory.
inline constexpr index_type tile_queries = 8, block_keys = 64, single_query_block_keys = tile_queries * block_keys;

/// Rows and packs of a register block: 4 x 4 accumulators where there are 32 registers, else 4 x 2.
inline constexpr int register_rows = 4, register_packs = TYPEFORMER_VECTOR_REGISTERS >= 32 ? 4 : 2;

/// scores[row][lane] = scale q[row] . k for `Packs` packs of keys. The first pack begins at `first_key`.
template <int Rows, int Packs>
TYPEFORMER_ALWAYS_INLINE void score_packs(rows_view<const float> q, index_type width, const float* panels,
                                          index_type first_key, float scale, rows_view<float> scores) {
  using pack = simd::pack<float>;
  pack sums[Rows][Packs];
  const float* k[Packs];
  TYPEFORMER_UNROLL
  for (int p = 0; p < Packs; ++p) {
    k[p] = panels + key_offset(first_key + p * pack::lanes, width);
    TYPEFORMER_UNROLL
    for (int row = 0; row < Rows; ++row) sums[row][p] = pack(0.0f);
  }
  for (index_type column = 0; column < width; ++column) {
    pack keys[Packs];
    TYPEFORMER_UNROLL
    for (int p = 0; p < Packs; ++p) keys[p] = pack::load(k[p] + column * key_block);
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
inline void score_block(rows_view<const float> q, index_type width, const float* panels, index_type first_key,
                        index_type packs, float scale, rows_view<float> scores) {
  constexpr index_type lanes = simd::pack<float>::lanes;
  index_type p = 0;
  for (; p + register_packs <= packs; p += register_packs)
    score_packs<Rows, register_packs>(q, width, panels, first_key + p * lanes, scale,
                                      {scores.data + p * lanes, scores.stride});
  for (; p < packs; ++p)
    score_packs<Rows, 1>(q, width, panels, first_key + p * lanes, scale, {scores.data + p * lanes, scores.stride});
}

/// Applies a rule to scores: caps them, then adds the bias. `bias` is that of the first score, or null.
inline void apply_rule(float cap, const float* bias, index_type packs, float* scores) {
  using pack = simd::pack<float>;
  for (index_type p = 0; p < packs; ++p) {
    pack score = pack::load(scores + p * pack::lanes);
    if (cap > 0) score = pack(cap) * tanh(score * pack(1 / cap));
    if (bias) score = score + pack::load(bias + p * pack::lanes);
    score.store(scores + p * pack::lanes);
  }
}

// Defined in kernels/attention_dropout.hpp.
void drop(const probability_dropout& dropout, index_type head, index_type query, index_type first_key, index_type count,
          float* x);

/// The online softmax of one query so far.
struct softmax_state {
  float largest = std::numeric_limits<float>::lowest();
  float denominator = 0;
  float rescale = 0;    // of the sums before the current block
  float normalize = 1;  // of the result after the last block
};

/// Turns a row of scores into weights e^(score - largest). They are zero outside lanes [first, end) and where `valid`
/// is 0.
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

/// y[row] = (y[row] * rescale + sum over keys of weights[row][key] v[key]) * normalize, for `Packs` packs of columns
/// with n lanes. y is not read if `fresh`. `Chains` accumulators per sum hide the latency when there are few rows.
template <int Rows, int Packs, int Chains, class N>
TYPEFORMER_ALWAYS_INLINE void sum_values(index_type keys, rows_view<const float> weights, rows_view<const float> v,
                                         rows_view<float> y, const softmax_state* states, bool fresh, N n) {
  using pack = simd::pack<float>;
  pack sums[Chains][Rows][Packs];
  TYPEFORMER_UNROLL
  for (int row = 0; row < Rows; ++row) TYPEFORMER_UNROLL
  for (int p = 0; p < Packs; ++p) {
    sums[0][row][p] = fresh ? pack(0.0f) : load(y[row] + p * pack::lanes, n) * pack(states[row].rescale);
    TYPEFORMER_UNROLL
    for (int chain = 1; chain < Chains; ++chain) sums[chain][row][p] = pack(0.0f);
  }
  const auto add = [&](index_type key, int chain) __attribute__((always_inline)) {
    pack values[Packs];
    TYPEFORMER_UNROLL
    for (int p = 0; p < Packs; ++p) values[p] = load(v[key] + p * pack::lanes, n);
    TYPEFORMER_UNROLL
    for (int row = 0; row < Rows; ++row) {
      const pack weight(weights[row][key]);
      TYPEFORMER_UNROLL
      for (int p = 0; p < Packs; ++p) sums[chain][row][p] = fma(weight, values[p], sums[chain][row][p]);
    }
  };
  index_type key = 0;
  for (; key + Chains <= keys; key += Chains) {
    TYPEFORMER_UNROLL
    for (int chain = 0; chain < Chains; ++chain) add(key + chain, chain);
  }
  for (; key < keys; ++key) add(key, 0);
  TYPEFORMER_UNROLL
  for (int row = 0; row < Rows; ++row) TYPEFORMER_UNROLL
  for (int p = 0; p < Packs; ++p) {
    pack total = sums[0][row][p];
    TYPEFORMER_UNROLL
    for (int chain = 1; chain < Chains; ++chain) total = total + sums[chain][row][p];
    store(total * pack(states[row].normalize), y[row] + p * pack::lanes, n);
  }
}

template <int Rows>
inline void sum_values(index_type width, index_type keys, rows_view<const float> weights, rows_view<const float> v,
                       rows_view<float> y, const softmax_state* states, bool fresh) {
  constexpr index_type lanes = simd::pack<float>::lanes;
  constexpr std::integral_constant<index_type, lanes> all{};
  constexpr int chains = Rows == 1 ? 4 : 1, wide_chains = Rows == 1 ? 4 / register_packs : 1;
  index_type column = 0;
  const auto of_head = [&](auto rows) { return decltype(rows){rows.data + column, rows.stride}; };
  for (; column + register_packs * lanes <= width; column += register_packs * lanes)
    sum_values<Rows, register_packs, wide_chains>(keys, weights, of_head(v), of_head(y), states, fresh, all);
  for (; column + lanes <= width; column += lanes)
    sum_values<Rows, 1, chains>(keys, weights, of_head(v), of_head(y), states, fresh, all);
  if (column < width) sum_values<Rows, 1, chains>(keys, weights, of_head(v), of_head(y), states, fresh, width - column);
}

/// Calls f(row count as a constant, first row) for groups of `register_rows` rows, then for the remaining rows one by
/// one.
template <class F> TYPEFORMER_ALWAYS_INLINE void for_each_row_group(index_type rows, F&& f) {
  index_type row = 0;
  for (; row + register_rows <= rows; row += register_rows) f(std::integral_constant<int, register_rows>{}, row);
  for (; row < rows; ++row) f(std::integral_constant<int, 1>{}, row);
}

/// Attention of `rows` <= tile_queries queries of one head; the first is `query`. Row r sees the keys [first_key[r],
/// end_key[r]). Neither decreases with r.
template <bool HasRule, bool Drops>
void attend(const attention_extents& extents, const attention_call<float>& call, index_type head, index_type query,
            index_type rows, const index_type* first_key, const index_type* end_key) {
  constexpr index_type lanes = simd::pack<float>::lanes;
  const index_type width = extents.head_width, kv_head = extents.kv_head_of(head);
  const rows_view<const float> q{call.q[query] + head * width, call.q.stride};
  const rows_view<const float> v{call.v.data + kv_head * width, call.v.stride};
  const rows_view<float> y{call.y[query] + head * width, call.y.stride};
  const float* const panels = call.key_panels + kv_head * call.key_head_stride;
  const index_type block_size = rows == 1 ? single_query_block_keys : block_keys;

  float tile[tile_queries * block_keys], valid[single_query_block_keys];
  const rows_view<float> scores{tile, block_size};
  softmax_state states[tile_queries];
  bool fresh = true;

  index_type begin = first_key[0], end = end_key[rows - 1];
  if (call.key_valid) {
    while (begin < end && !call.key_valid[begin]) ++begin;
    while (begin < end && !call.key_valid[end - 1]) --end;
  }
  index_type block_end = 0;
  for (index_type block = begin / key_block * key_block; block < end; block = block_end) {
    block_end = (std::min)(block + block_size, end);
    const index_type packs = (block_end - block + lanes - 1) / lanes;
    bool masked = block < first_key[rows - 1] || end_key[0] < block + packs * lanes;
    if (call.key_valid) {
      bool any = false, every = true;
      for (index_type key = block; key < block + packs * lanes; ++key) {
        const bool is_valid = key < block_end && call.key_valid[key];
        valid[key - block] = is_valid ? 1.0f : 0.0f;
        any |= is_valid;
        every &= is_valid;
      }
      if (!any) continue;
      masked |= !every;
    }

    for_each_row_group(rows, [&](auto group_rows, index_type row) {
      score_block<group_rows()>(q.from(row), width, panels, block, packs, static_cast<float>(extents.scale),
                                scores.from(row));
    });

    if constexpr (HasRule)
      for (index_type row = 0; row < rows; ++row) {
        const score_rule<float>& rule = *call.rule;
        const float* const bias =
            rule.bias ? rule.bias + rule.bias_at(head, block - (call.past + query + row)) : nullptr;
        apply_rule(rule.soft_cap, bias, packs, scores[row]);
      }

    for (index_type row = 0; row < rows; ++row)
      if (masked)
        weigh_scores<true>(packs, scores[row], static_cast<float>(first_key[row] - block),
                           static_cast<float>(end_key[row] - block), call.key_valid ? valid : nullptr, states[row]);
      else weigh_scores<false>(packs, scores[row], 0, 0, nullptr, states[row]);
    if constexpr (Drops)
      for (index_type row = 0; row < rows; ++row)
        drop(dropout_of(call), head, query + row, block, block_end - block, scores[row]);

    // Values of invalid keys are never read, because they may be uninitialized.
    const auto is_readable = [&](index_type key) { return !call.key_valid || call.key_valid[key]; };
    for (index_type run = block, run_end; run < block_end; run = run_end) {
      while (run < block_end && !is_readable(run)) ++run;
      for (run_end = call.key_valid ? run : block_end; run_end < block_end && is_readable(run_end);) ++run_end;
      if (run == run_end) break;
      if (run_end == end)
        for (index_type row = 0; row < rows; ++row)
          states[row].normalize = states[row].denominator == 0 ? 0.0f : 1.0f / states[row].denominator;
      for_each_row_group(rows, [&](auto group_rows, index_type row) {
        sum_values<group_rows()>(width, run_end - run, {scores[row] + (run - block), scores.stride}, v.from(run),
                                 y.from(row), states + row, fresh);
      });
      fresh = false;
      for (index_type row = 0; row < rows; ++row) states[row].rescale = 1;
    }
  }

  for (index_type row = 0; row < rows; ++row) {
    if (fresh)
      for_each_pack(width, [&](index_type column, auto n) { store(simd::pack<float>(0.0f), y[row] + column, n); });
    if (call.log_sum_exp)
      call.log_sum_exp[query + row][head] = states[row].denominator == 0
                                                ? -std::numeric_limits<float>::infinity()
                                                : states[row].largest + __builtin_logf(states[row].denominator);
  }
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA::detail
