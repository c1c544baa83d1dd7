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

/// Queries of one head against their keys, one block of keys at a time, with an online softmax (Milakov, Gimelshein 2018;
/// Dao 2023, algorithm 1). Only one tile of scores exists, on the stack.
namespace typeformer::kernels::inline TYPEFORMER_ISA::detail {

/// Targets with small addresses have a stack of kilobytes.
inline constexpr bool has_large_stack = simd::pack<float>::lanes > 1 && sizeof(void*) >= 8;

/// The queries of a tile, the most keys of a block for several queries, and for a single query, whose scores need no
/// more memory.
inline constexpr index_type tile_queries = has_large_stack ? 12
                                           : has_vectors   ? 4
                                                           : 1,
                            block_keys = has_large_stack ? 128 : 64,
                            single_query_block_keys = has_large_stack ? 512 : 64;
static_assert(single_query_block_keys <= tile_queries * block_keys);

// Defined in kernels/attention_dropout.hpp, for those who drop.
void drop(const probability_dropout& dropout, index_type head, index_type query, index_type first_key, index_type count,
          float* x);

/// Up to `tile_queries` queries of one head, the first of which is `query`. Row r sees the keys [first_key[r],
/// end_key[r]), both ascending with r.
struct attention_tile {
  index_type query, rows;
  index_type begin = 0, end = 0;  // of the keys that any row sees
  index_type first_key[tile_queries], end_key[tile_queries];
  softmax_state states[tile_queries];
  bool fresh;  // nothing was written to y

  template <class Mask> void start(const attention_call<float>& call, index_type first_query) {
    query = first_query;
    rows = (std::min)(tile_queries, call.queries - query);
    fresh = true;
    index_type row = 0;
    do {  // a tile has a row
      states[row].start();
      first_key[row] = first_key_of<Mask>(call, query + row);
      end_key[row] = end_key_of<Mask>(call, query + row);
    } while (++row < rows);
    begin = first_key[0];
    end = end_key[rows - 1];
    if (!call.key_valid) return;
    while (begin < end && !call.key_valid[begin]) ++begin;
    while (begin < end && !call.key_valid[end - 1]) --end;
  }
};

/// The queries and results of one head.
struct attention_head {
  index_type head;
  rows_view<const float> q;
  rows_view<float> y;

  attention_head(const attention_extents& extents, const attention_call<float>& call, index_type which)
      : head{which},
        q{call.q.data + which * extents.head_width, call.q.stride},
        y{call.y.data + which * extents.head_width, call.y.stride} {}
};

/// The keys [first, end) of a block, of which `first` begins a panel, and its values. Of the values of keys that are not
/// valid nothing is read unless they are copies.
struct key_range {
  index_type first, end;
  const float* panels;       // the first is that of key `first`
  rows_view<const float> v;  // of key `first`
  bool is_copied;
};

/// Adds the share of a range of keys to the rows of a tile.
template <bool HasRule, bool Drops>
TYPEFORMER_NOINLINE void attend(const attention_extents& extents, const attention_call<float>& call,
                                const attention_head& of, const key_range& keys, attention_tile& tile) {
  constexpr index_type lanes = simd::pack<float>::lanes;
  const index_type width = extents.head_width, rows = tile.rows, query = tile.query;
  float score_storage[tile_queries * block_keys], valid[single_query_block_keys];
  const rows_view<float> scores{score_storage, rows == 1 ? single_query_block_keys : block_keys};
  softmax_state* const states = tile.states;

  const index_type block = keys.first, block_end = keys.end;
  const index_type packs = (block_end - block + lanes - 1) / lanes;
  bool masked = block < tile.first_key[rows - 1] || tile.end_key[0] < block + packs * lanes;
  if (call.key_valid) {
    bool any = false, every = true;
    for (index_type key = block; key < block + packs * lanes; ++key) {
      const bool is_valid = key < block_end && call.key_valid[key];
      valid[key - block] = is_valid ? 1.0f : 0.0f;
      any |= is_valid;
      every &= is_valid;
    }
    if (!any) return;
    masked |= !every;
  }

  for_each_row_group(rows, [&](auto group_rows, index_type row) {
    score_block<group_rows()>(of.q.from(query + row), width, keys.panels, packs, static_cast<float>(extents.scale),
                              scores.from(row));
  });

  if constexpr (HasRule)
    for (index_type row = 0; row < rows; ++row) {
      const score_rule<float>& rule = *call.rule;
      const float* const bias =
          rule.bias ? rule.bias + rule.bias_at(of.head, block - (call.past + query + row)) : nullptr;
      apply_rule(rule.soft_cap, bias, packs, scores[row]);
    }

  for (index_type row = 0; row < rows; ++row) {
    if (masked)
      mask_scores(packs, scores[row], static_cast<float>(tile.first_key[row] - block),
                  static_cast<float>(tile.end_key[row] - block), call.key_valid ? valid : nullptr);
    weigh_scores(packs, scores[row], states[row]);
  }
  if constexpr (Drops)
    for (index_type row = 0; row < rows; ++row)
      drop(dropout_of(call), of.head, query + row, block, block_end - block, scores[row]);

  // Values of invalid keys are never read, because they may be uninitialized.
  const bool all_readable = keys.is_copied || !call.key_valid;
  const auto is_readable = [&](index_type key) { return all_readable || call.key_valid[key]; };
  for (index_type run = block, run_end; run < block_end; run = run_end) {
    while (run < block_end && !is_readable(run)) ++run;
    for (run_end = all_readable ? block_end : run; run_end < block_end && is_readable(run_end);) ++run_end;
    if (run == run_end) break;
    if (run_end == tile.end)
      for (index_type row = 0; row < rows; ++row) {
        const float denominator = states[row].denominator();
        states[row].normalize = denominator == 0 ? 0.0f : 1.0f / denominator;
      }
    for_each_row_group(rows, [&](auto group_rows, index_type row) {
      sum_values<group_rows()>(width, run_end - run, {scores[row] + (run - block), scores.stride},
                               keys.v.from(run - block), of.y.from(query + row), states + row, tile.fresh);
    });
    tile.fresh = false;
    for (index_type row = 0; row < rows; ++row) states[row].rescale = 1;
  }
}

/// Writes the rows of a tile that see no key, and the logarithms of the denominators.
inline void finish(const attention_extents& extents, const attention_call<float>& call, const attention_head& of,
                   const attention_tile& tile) {
  for (index_type row = 0; row < tile.rows; ++row) {
    if (tile.fresh) std::fill_n(of.y[tile.query + row], extents.head_width, 0.0f);
    if (call.log_sum_exp) {
      const softmax_state& state = tile.states[row];
      const float denominator = state.denominator();
      call.log_sum_exp[tile.query + row][of.head] =
          denominator == 0 ? -std::numeric_limits<float>::infinity() : state.reference + __builtin_logf(denominator);
    }
  }
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA::detail
