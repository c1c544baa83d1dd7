// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <limits>

#include <typeformer/kernels/detail/attention_registers.hpp>
#include <typeformer/kernels/detail/attention_scores.hpp>
#include <typeformer/kernels/detail/online_softmax.hpp>
#include <typeformer/kernels/detail/row_blocks.hpp>
#include <typeformer/kernels/detail/weighted_values.hpp>
#include <typeformer/reference/attention_call.hpp>

/// A few queries of one head against all their keys, one block of keys at a time, with an online softmax (Milakov,
/// Gimelshein 2018; Dao 2023, algorithm 1). Only one tile of scores exists, on the stack.
namespace typeformer::kernels::inline TYPEFORMER_ISA::detail {

/// The queries of a tile, the keys of a block for several queries, and for a single query, whose scores need no more
/// memory.
inline constexpr index_type tile_queries = 8, block_keys = 64, single_query_block_keys = tile_queries * block_keys;

// Defined in kernels/attention_dropout.hpp, for those who drop.
void drop(const probability_dropout& dropout, index_type head, index_type query, index_type first_key, index_type count,
          float* x);

/// Attention of `rows` <= tile_queries queries of one head, the first of which is `query`; row r sees the keys
/// [first_key[r], end_key[r]), both ascending with r.
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
