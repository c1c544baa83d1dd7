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

inline void clear_columns(index rows, index first, index columns, rows_view<float> x) {
  for (index row = 0; row < rows; ++row) std::fill_n(x[row] + first, columns, 0.0f);
}

/// What a tile of queries sees of the keys [first, first + count); false if that is nothing.
template <class Mask> bool sees(const attention_call<float>& call, index query, key_value_block& block, query_tile& tile) {
  for (index row = 0; row < tile.rows; ++row) {
    const auto within = [&](index key) { return std::clamp<index>(key - block.first, 0, block.count); };
    tile.first_key[row] = within(Mask::first_key(call.past + query + row, call.keys));
    tile.end_key[row] = within(Mask::end_key(call.past + query + row, call.keys));
  }
  return tile.first_key[0] < tile.end_key[tile.rows - 1];
}

/// All gradients of one head of keys and values and of the query heads that read it.
template <class Mask>
void attend_back_head(const attention_extents& extents, const attention_call<float>& call, rows_view<const float> dy,
                      rows_view<float> dq, rows_view<float> dk, rows_view<float> dv, index kv_head) {
  const index width = extents.head_width, kv_column = kv_head * width, group = extents.heads / extents.kv_heads;
  clear_columns(call.keys, kv_column, width, dk);
  clear_columns(call.keys, kv_column, width, dv);
  clear_columns(call.queries, kv_head * group * width, group * width, dq);
  const auto columns_at = [](auto rows, index row, index column) {
    return decltype(rows){rows[row] + column, rows.stride};
  };
  key_value_block block;
  for (block.first = 0; block.first < call.keys; block.first += key_value_block::keys_for(width)) {
    block.count = std::min(key_value_block::keys_for(width), call.keys - block.first);
    block.valid = call.key_valid ? call.key_valid + block.first : nullptr;
    if (block.valid && std::find_if(block.valid, block.valid + block.count, [](auto flag) { return flag != 0; }) ==
                           block.valid + block.count)
      continue;
    const float* const panels = call.key_panels + kv_head * call.key_head_stride + key_offset(block.first, width);
    const auto v = columns_at(call.v, block.first, kv_column);
    bool is_copied = false;
    for (index head = kv_head * group; head < (kv_head + 1) * group; ++head)
      for (index query = 0; query < call.queries; query += back_queries) {
        query_tile tile;
        tile.rows = std::min(back_queries, call.queries - query);
        if (!sees<Mask>(call, query, block, tile)) continue;
        if (!is_copied) block.copy(panels, width, v, 0);
        is_copied = true;
        const index column = head * width;
        tile.q = columns_at(call.q, query, column);
        tile.y = columns_at(call.y, query, column);
        tile.dy = columns_at(dy, query, column);
        tile.log_sum_exp = columns_at(call.log_sum_exp, query, head);
        tile.dq = columns_at(dq, query, column);
        attend_back(extents, tile, panels, v, block, columns_at(dk, block.first, kv_column),
                    columns_at(dv, block.first, kv_column));
      }
  }
}

}  // namespace detail

/// `reference::attention_back`, same operands; the key-value heads are shared among the workers.
///
/// Keys that no query of a tile may see are never computed. Precondition on Mask: first_key and end_key do not decrease
/// with the position. Cost: 5 queries * visible keys * head_width multiply-adds a head; about 26 KiB of stack.
template <class Mask, class S, Workers W>
constexpr void attention_back(const attention_extents& extents, const attention_call<S>& call, rows_view<const S> dy,
                              rows_view<S> dq, rows_view<S> dk, rows_view<S> dv, const W& workers) {
  if constexpr (std::is_same_v<S, float>)
    if (!std::is_constant_evaluated())
      return detail::for_each_head(extents.kv_heads, extents.heads * call.queries * call.keys * extents.head_width,
                                   workers, [&](index kv_head) {
                                     detail::attend_back_head<Mask>(extents, call, dy, dq, dk, dv, kv_head);
                                   });
  reference::attention_back<Mask, S>(extents, call, dy, dq, dk, dv);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
