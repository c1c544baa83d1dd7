// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <type_traits>

#include <typeformer/kernels/detail/attention_tile.hpp>
#include <typeformer/kernels/detail/back_products.hpp>
#include <typeformer/kernels/detail/key_value_block.hpp>
#include <typeformer/kernels/detail/score_gradients.hpp>

/// Gradients of one block of keys against one tile of queries (Dao 2023, algorithm 2). The probabilities are recomputed
/// from the scores and log_sum_exp. Only one tile of them exists, on the stack.
namespace typeformer::kernels::inline TYPEFORMER_ISA::detail {

/// The operands of a tile of queries of one head, all at its first query and first column.
struct query_tile {
  index_type rows;
  tile_rule rule;  // if the mask has one
  rows_view<const float> q, y, dy, log_sum_exp;
  rows_view<float> dq;
  float dy_dot_y[back_queries];
  index_type first_key[back_queries], end_key[back_queries];  // within the block, both ascending
};

/// If the mask drops: the positions of the tile's first query and the block's first key.
struct dropping_query_tile : query_tile {
  const probability_dropout* dropout;
  index_type head, query, key;

  void drop(index_type row, index_type first, index_type end, float* x) const {
    detail::drop(*dropout, head, query + row, key + first, end - first, x + first);
  }
};
template <bool Drops> using query_tile_for = std::conditional_t<Drops, dropping_query_tile, query_tile>;

/// Adds a block's share to dq, and a tile's share to dk and dv, which begin at the block.
template <bool HasRule, bool Drops>
TYPEFORMER_NOINLINE void attend_back(const attention_extents& extents, const query_tile_for<Drops>& tile,
                                     const float* panels, rows_view<const float> v, key_value_block& block,
                                     rows_view<float> dk, rows_view<float> dv) {
  const index_type width = extents.head_width, rows = tile.rows;
  const float scale = static_cast<float>(extents.scale);
  alignas(64) float scores_storage[back_queries * back_keys], dscores_storage[back_queries * back_keys];
  const rows_view<float> scores{scores_storage, back_keys}, dscores{dscores_storage, back_keys};
  float valid[back_keys];
  if (block.valid)
    for (index_type key = 0; key < back_keys; ++key) valid[key] = key < block.count && block.valid[key] ? 1.0f : 0.0f;
  if (tile.first_key[rows - 1] > 0 || tile.end_key[0] < block.count) {
    std::fill_n(scores_storage, rows * back_keys, 0.0f);
    std::fill_n(dscores_storage, rows * back_keys, 0.0f);
  }
  const bool in_parts = width > back_columns;

  for_each_back_group(rows, [&](auto group, index_type row) {
    constexpr int count = group();
    const index_type first = tile.first_key[row] / key_block * key_block;
    const index_type end = (tile.end_key[row + count - 1] + key_block - 1) / key_block * key_block;
    if (first >= end) return;
    score_keys<count>(tile.q.from(row), width, panels, first, end, scale, scores.from(row));
    if (!in_parts) score_keys<count>(tile.dy.from(row), width, block.value_panels, first, end, 1, dscores.from(row));
  });
  for (index_type column = 0; in_parts && column < width; column += back_columns) {
    block.copy(panels, width, v, column);
    for (index_type row = 0; row < rows; ++row) {
      alignas(64) float part[back_keys];
      score_keys<1>({tile.dy[row] + column, 0}, block.columns, block.value_panels, 0, key_block, 1, {part, 0});
      for (index_type key = 0; key < key_block; ++key)
        dscores[row][key] = part[key] + (column ? dscores[row][key] : 0.0f);
    }
  }
  for_each_back_group(rows, [&](auto group, index_type first_row) {
    const index_type first = tile.first_key[first_row] / key_block * key_block;
    const index_type end = (tile.end_key[first_row + group() - 1] + key_block - 1) / key_block * key_block;
    for (index_type row = first_row; row < first_row + group(); ++row) {
      const float first_key = static_cast<float>(tile.first_key[row]), end_key = static_cast<float>(tile.end_key[row]);
      const float* const valid_keys = block.valid ? valid : nullptr;
      if constexpr (Drops) tile.drop(row, first, end, dscores[row]);
      if constexpr (HasRule)
        ruled_score_gradients(tile.rule, row, first, end, first_key, end_key, valid_keys, *tile.log_sum_exp[row],
                              tile.dy_dot_y[row], scale, scores[row], dscores[row]);
      else
        score_gradients(first, end, first_key, end_key, valid_keys, *tile.log_sum_exp[row], tile.dy_dot_y[row], scale,
                        scores[row], dscores[row]);
      if constexpr (Drops) tile.drop(row, first, end, scores[row]);
    }
  });

  for_each_back_group(block.count, [&](auto group, index_type key) {
    index_type first = 0, end = rows;
    while (first < end && tile.end_key[first] <= key) ++first;
    while (first < end && tile.first_key[end - 1] >= key + group()) --end;
    if (first == end) return;
    add_products<group()>(width, end - first, {scores[first] + key, 1, back_keys}, tile.dy.from(first), dv.from(key));
    add_products<group()>(width, end - first, {dscores[first] + key, 1, back_keys}, tile.q.from(first), dk.from(key));
  });
  for (index_type column = 0; column < width; column += block.columns) {
    if (in_parts) block.copy(panels, width, v, column);
    for_each_back_group(rows, [&](auto group, index_type row) {
      const index_type first = tile.first_key[row], end = tile.end_key[row + group() - 1];
      if (first < end)
        add_products<group()>(block.columns, end - first, {dscores[row] + first, back_keys, 1},
                              block.rows().from(first), {tile.dq[row] + column, tile.dq.stride});
    });
  }
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA::detail
