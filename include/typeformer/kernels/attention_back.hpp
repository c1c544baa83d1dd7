// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <type_traits>

#include <typeformer/kernels/attention.hpp>
#include <typeformer/kernels/detail/attention_back_tile.hpp>
#include <typeformer/parallel/workers.hpp>
#include <typeformer/reference/attention.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

namespace detail {

inline void clear_columns(index_type rows, index_type first, index_type columns, rows_view<float> x) {
  for (index_type row = 0; row < rows; ++row) std::fill_n(x[row] + first, columns, 0.0f);
}

/// The keys in [first, first + count) that a tile of queries sees; false if there are none.
template <class Mask>
bool sees(const attention_call<float>& call, index_type query, key_value_block& block, query_tile& tile) {
  for (index_type row = 0; row < tile.rows; ++row) {
    const auto within = [&](index_type key) { return std::clamp<index_type>(key - block.first, 0, block.count); };
    tile.first_key[row] = within(first_key_of<Mask>(call, query + row));
    tile.end_key[row] = within(end_key_of<Mask>(call, query + row));
  }
  return tile.first_key[0] < tile.end_key[tile.rows - 1];
}

template <class Rows> constexpr Rows rows_at(Rows rows, index_type row, index_type column) {
  return {rows[row] + column, rows.stride};
}

/// Copies operands that products read repeatedly to rows without gaps, because strides of several KiB map to few cache
/// lines.
template <bool HasRule, bool Drops>
TYPEFORMER_NOINLINE void attend_back_tile(const attention_extents& extents, query_tile_for<Drops>& tile,
                                          index_type rows_ahead, const float* panels, rows_view<const float> v,
                                          key_value_block& block, rows_view<float> dk, rows_view<float> dv) {
  constexpr index_type line = 16;
  const index_type width = extents.head_width, stride = copy_stride(width);
  alignas(64) float q[copy_floats], dy[copy_floats];
  const bool fits = width <= back_columns;
  for (index_type row = 0; row < tile.rows; ++row) {
    const float *const q_row = tile.q[row], *const dy_row = tile.dy[row], *const y_row = tile.y[row];
    tile.dy_dot_y[row] =
        sum_over(width, [&](index_type i, auto n) { return load(dy_row + i, n) * load(y_row + i, n); });
    if (fits)
      for_each_pack(width, [&](index_type i, auto n) {
        store(load(q_row + i, n), q + row * stride + i, n);
        store(load(dy_row + i, n), dy + row * stride + i, n);
      });
  }
  for (index_type row = tile.rows; row < tile.rows + rows_ahead; ++row)
    for (index_type i = 0; i < width; i += line) {
      __builtin_prefetch(tile.q[row] + i, 0, 2);
      __builtin_prefetch(tile.dy[row] + i, 0, 2);
      __builtin_prefetch(tile.y[row] + i, 0, 2);
      __builtin_prefetch(tile.dq[row] + i, 1, 2);
    }
  if (fits) {
    tile.q = {q, stride};
    tile.dy = {dy, stride};
  }
  attend_back<HasRule, Drops>(extents, tile, panels, v, block, dk, dv);
}

/// One block of keys against all queries of the heads that read it. dk and dv begin at the block and are written.
template <class Mask>
TYPEFORMER_NOINLINE void attend_back_block(const attention_extents& extents, const attention_call<float>& call,
                                           rows_view<const float> dy, rows_view<float> dq, rows_view<float> dk,
                                           rows_view<float> dv, index_type kv_head, key_value_block& block) {
  const index_type width = extents.head_width, group = extents.heads / extents.kv_heads, stride = copy_stride(width);
  const bool fits = width <= back_columns;
  alignas(64) float dk_copy[copy_floats], dv_copy[copy_floats];
  const rows_view<float> dk_sums = fits ? rows_view<float>{dk_copy, stride} : dk;
  const rows_view<float> dv_sums = fits ? rows_view<float>{dv_copy, stride} : dv;
  clear_columns(block.count, 0, width, dk_sums);
  clear_columns(block.count, 0, width, dv_sums);

  const float* const panels = call.key_panels + kv_head * call.key_head_stride + key_offset(block.first, width);
  const auto v = rows_at(call.v, block.first, kv_head * width);
  const index_type tile_rows_most = (std::min)(back_queries, copy_rows(width));
  bool is_copied = false;
  for (index_type head = kv_head * group; head < (kv_head + 1) * group; ++head)
    for (index_type query = 0; query < call.queries; query += tile_rows_most) {
      query_tile_for<drops_probabilities<Mask>> tile;
      tile.rows = (std::min)(tile_rows_most, call.queries - query);
      if (!sees<Mask>(call, query, block, tile)) continue;
      if (!is_copied) block.copy(panels, width, v, 0);
      is_copied = true;
      const index_type column = head * width;
      tile.q = rows_at(call.q, query, column);
      tile.y = rows_at(call.y, query, column);
      tile.dy = rows_at(dy, query, column);
      tile.log_sum_exp = rows_at(call.log_sum_exp, query, head);
      tile.dq = rows_at(dq, query, column);
      if constexpr (has_rule<Mask>) tile.rule = {call.rule, head, block.first - (call.past + query)};
      if constexpr (drops_probabilities<Mask>) {
        tile.dropout = &dropout_of(call);
        tile.head = head;
        tile.query = query;
        tile.key = block.first;
      }
      attend_back_tile<has_rule<Mask>, drops_probabilities<Mask>>(
          extents, tile, (std::min)(tile_rows_most, call.queries - query - tile.rows), panels, v, block, dk_sums,
          dv_sums);
    }

  for (index_type key = 0; fits && key < block.count; ++key)
    for_each_pack(width, [&](index_type i, auto n) {
      store(load(dk_sums[key] + i, n), dk[key] + i, n);
      store(load(dv_sums[key] + i, n), dv[key] + i, n);
    });
}

/// All gradients of one key-value head and of the query heads that read it.
template <class Mask>
void attend_back_head(const attention_extents& extents, const attention_call<float>& call, rows_view<const float> dy,
                      rows_view<float> dq, rows_view<float> dk, rows_view<float> dv, index_type kv_head) {
  const index_type width = extents.head_width, group = extents.heads / extents.kv_heads;
  clear_columns(call.queries, kv_head * group * width, group * width, dq);
  key_value_block block;
  for (block.first = 0; block.first < call.keys; block.first += key_value_block::keys_for(width)) {
    block.count = (std::min)(key_value_block::keys_for(width), call.keys - block.first);
    block.valid = call.key_valid ? call.key_valid + block.first : nullptr;
    attend_back_block<Mask>(extents, call, dy, dq, rows_at(dk, block.first, kv_head * width),
                            rows_at(dv, block.first, kv_head * width), kv_head, block);
  }
}

}  // namespace detail

/// `reference::attention_back`, same operands. The key-value heads are shared among the workers.
///
/// Keys that no query of a tile may see are not computed. Precondition on Mask: first_key and end_key do not decrease
/// with the position. Cost: 5 queries * visible keys * head_width multiply-adds per head; about 56 KiB of stack in
/// frames of 16 KiB (29 KiB where vectors have 16 bytes, 8 KiB where there are none).
template <class Mask, class S, Workers W>
constexpr void attention_back(const attention_extents& extents, const attention_call<S>& call, rows_view<const S> dy,
                              rows_view<S> dq, rows_view<S> dk, rows_view<S> dv, const W& workers) {
  if constexpr (std::is_same_v<S, float>)
    if (!std::is_constant_evaluated())
      return detail::for_each_head(
          extents.kv_heads, extents.heads * call.queries * call.keys * extents.head_width, workers,
          [&](index_type kv_head) { detail::attend_back_head<Mask>(extents, call, dy, dq, dk, dv, kv_head); });
  reference::attention_back<Mask, S>(extents, call, dy, dq, dk, dv);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
