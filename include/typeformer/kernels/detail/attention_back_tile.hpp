// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <typeformer/kernels/detail/attention_tile.hpp>
#include <typeformer/kernels/gemm_tile.hpp>
#include <typeformer/kernels/transpose_block.hpp>

/// Gradients of one block of keys against one tile of queries (Dao 2023, algorithm 2). The probabilities are recomputed
/// from the scores and log_sum_exp. Only one tile of them exists, on the stack.
namespace typeformer::kernels::inline TYPEFORMER_ISA::detail {

/// The most queries of a tile, keys of a block, floats of a copy of either, and columns of a copy. The numbers are
/// smaller for targets without vectors, whose stack has only kilobytes.
inline constexpr index_type back_lanes = simd::pack<float>::lanes;
inline constexpr index_type back_queries = back_lanes > 1 ? 32 : 8, back_keys = back_lanes > 1 ? 32 : key_block;
inline constexpr index_type copy_floats = back_lanes >= 8  ? 2048
                                          : back_lanes > 1 ? 1024
                                                           : 256,
                            back_columns = copy_floats / key_block;

/// Rows of a copy are whole packs of columns. A head that is wider than `back_columns` is copied in parts.
constexpr index_type copy_stride(index_type head_width) {
  return ((std::min)(head_width, back_columns) + key_block - 1) / key_block * key_block;
}
constexpr index_type copy_rows(index_type head_width) { return copy_floats / copy_stride(head_width); }

/// Rows and packs of a register block.
inline constexpr int back_rows = TYPEFORMER_VECTOR_REGISTERS >= 32 ? 8 : 4, back_packs = 2;

/// Keys [first, first + count) of one head, with the values transposed to panels and the keys to rows. They are copied
/// `columns` columns at a time: all at once, unless the head is wider than `back_columns`.
struct key_value_block {
  index_type first, count, columns;
  const std::uint8_t* valid;  // of the block's keys, or null
  alignas(64) float value_panels[copy_floats];
  alignas(64) float key_rows[copy_floats];

  static constexpr index_type keys_for(index_type head_width) {
    return (std::min)(back_keys, copy_rows(head_width) / key_block * key_block);
  }

  rows_view<const float> rows() const { return {key_rows, copy_stride(columns)}; }

  /// Copies columns [column, column + columns). `panels` and `v` begin at the block. Invalid keys become 0.
  void copy(const float* panels, index_type head_width, rows_view<const float> v, index_type column) {
    constexpr index_type lanes = simd::pack<float>::lanes;
    columns = (std::min)(back_columns, head_width - column);
    for (index_type key = 0; key < count; key += lanes) {
      float* const to = value_panels + key_offset(key, columns);
      transpose_block((std::min)(lanes, count - key), columns, v[key] + column, v.stride, to, key_block, true);
    }
    const index_type stride = rows().stride;
    for (index_type key = 0; key < count; key += key_block)
      for (index_type c = 0; c < columns; c += lanes)
        transpose_block((std::min)(lanes, columns - c), (std::min)(key_block, count - key),
                        panels + key_offset(key, head_width) + (column + c) * key_block, key_block,
                        key_rows + key * stride + c, stride, true);
    if (valid)
      for (index_type key = 0; key < count; ++key)
        if (!valid[key]) std::fill_n(key_rows + key * stride, columns, 0.0f);
  }
};

/// y[row] += sum over d of a(row, d) b[d], for `Packs` packs of columns. The last pack has n lanes.
template <int Rows, int Packs, class N>
TYPEFORMER_ALWAYS_INLINE void add_products(index_type depth, left_operand a, rows_view<const float> b,
                                           rows_view<float> y, N n) {
  using pack = simd::pack<float>;
  pack sums[Rows][Packs];
  TYPEFORMER_UNROLL
  for (int row = 0; row < Rows; ++row) TYPEFORMER_UNROLL
  for (int p = 0; p < Packs; ++p) sums[row][p] = load(y[row] + p * pack::lanes, n);
  for (index_type d = 0; d < depth; ++d) {
    pack right[Packs];
    TYPEFORMER_UNROLL
    for (int p = 0; p < Packs; ++p) right[p] = load(b.data + p * pack::lanes, n);
    TYPEFORMER_UNROLL
    for (int row = 0; row < Rows; ++row) {
      const pack left(a.data[row * a.row_step]);
      TYPEFORMER_UNROLL
      for (int p = 0; p < Packs; ++p) sums[row][p] = fma(left, right[p], sums[row][p]);
    }
    a.data += a.input_step;
    b.data += b.stride;
  }
  TYPEFORMER_UNROLL
  for (int row = 0; row < Rows; ++row) TYPEFORMER_UNROLL
  for (int p = 0; p < Packs; ++p) store(sums[row][p], y[row] + p * pack::lanes, n);
}

template <int Rows>
TYPEFORMER_NOINLINE void add_products(index_type width, index_type depth, left_operand a, rows_view<const float> b,
                                      rows_view<float> y) {
  constexpr index_type lanes = simd::pack<float>::lanes;
  constexpr std::integral_constant<index_type, lanes> all{};
  index_type column = 0;
  const auto from_column = [&](auto rows) { return decltype(rows){rows.data + column, rows.stride}; };
  for (; column + back_packs * lanes <= width; column += back_packs * lanes)
    add_products<Rows, back_packs>(depth, a, from_column(b), from_column(y), all);
  for (; column + lanes <= width; column += lanes) add_products<Rows, 1>(depth, a, from_column(b), from_column(y), all);
  if (column < width) add_products<Rows, 1>(depth, a, from_column(b), from_column(y), width - column);
}

/// `score_packs` as a separate function, because its loop needs all registers.
template <int Rows, int Packs>
TYPEFORMER_NOINLINE void score_packs_apart(rows_view<const float> q, index_type width, const float* panels,
                                           index_type first_key, float scale, rows_view<float> scores) {
  score_packs<Rows, Packs>(q, width, panels, first_key, scale, scores);
}

/// scores[row][key] = scale q[row] . k for keys [first, end) of a block of panels, both multiples of key_block.
template <int Rows>
void score_keys(rows_view<const float> q, index_type width, const float* panels, index_type first, index_type end,
                float scale, rows_view<float> scores) {
  constexpr index_type lanes = simd::pack<float>::lanes;
  index_type key = first;
  for (; key + back_packs * lanes <= end; key += back_packs * lanes)
    score_packs_apart<Rows, back_packs>(q, width, panels, key, scale, {scores.data + key, scores.stride});
  for (; key < end; key += lanes)
    score_packs_apart<Rows, 1>(q, width, panels, key, scale, {scores.data + key, scores.stride});
}

/// Calls f(row count as a constant, first row) for groups of `back_rows` rows, then for the remaining rows one by one.
template <class F> TYPEFORMER_ALWAYS_INLINE void for_each_back_group(index_type rows, F&& f) {
  index_type row = 0;
  for (; row + back_rows <= rows; row += back_rows) f(std::integral_constant<int, back_rows>{}, row);
  for (; row < rows; ++row) f(std::integral_constant<int, 1>{}, row);
}

/// A rule, the query head that it applies to, and the distance from a tile's first query to a block's first key.
struct tile_rule {
  const score_rule<float>* rule;
  index_type head, distance;

  index_type bias_at(index_type row) const { return rule->bias_at(head, distance - row); }
};

/// The operands of a tile of queries of one head. Pointers are to its first query and first column.
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

/// One row: scores become probabilities, and their gradients become the gradients of the scores times scale.
TYPEFORMER_ALWAYS_INLINE void score_gradients(index_type first, index_type end, float first_key, float end_key,
                                              const float* valid, float log_sum_exp, float dy_dot_y, float scale,
                                              float* scores, float* dscores) {
  using pack = simd::pack<float>;
  const pack zero(0.0f), shift(log_sum_exp), projection(dy_dot_y);
  for (index_type key = first; key < end; key += pack::lanes) {
    const pack number = pack::load(lane_numbers) + pack(static_cast<float>(key));
    pack probability = exp(pack::load(scores + key) - shift);
    pack gradient = probability * (pack::load(dscores + key) - projection) * pack(scale);
    const auto mask = [&](pack x) __attribute__((always_inline)) {
      x = select(number < pack(end_key), select(number < pack(first_key), zero, x), zero);
      return valid ? select(zero < pack::load(valid + key), x, zero) : x;
    };
    mask(probability).store(scores + key);
    mask(gradient).store(dscores + key);
  }
}

/// `score_gradients` of scores under a rule. `row` is the query's index in its tile.
inline void ruled_score_gradients(const tile_rule& of_tile, index_type row, index_type first, index_type end,
                                  float first_key, float end_key, const float* valid, float log_sum_exp, float dy_dot_y,
                                  float scale, float* scores, float* dscores) {
  using pack = simd::pack<float>;
  const score_rule<float>& rule = *of_tile.rule;
  const index_type at = of_tile.bias_at(row);
  const pack zero(0.0f), one(1.0f), shift(log_sum_exp), projection(dy_dot_y);
  for (index_type key = first; key < end; key += pack::lanes) {
    const pack number = pack::load(lane_numbers) + pack(static_cast<float>(key));
    const auto mask = [&](pack x) __attribute__((always_inline)) {
      x = select(number < pack(end_key), select(number < pack(first_key), zero, x), zero);
      return valid ? select(zero < pack::load(valid + key), x, zero) : x;
    };
    pack score = pack::load(scores + key), slope = one;
    if (rule.soft_cap > 0) {
      const pack tangent = tanh(score * pack(1 / rule.soft_cap));
      score = pack(rule.soft_cap) * tangent;
      slope = one - tangent * tangent;  // forward: cap * tanh(score / cap)
    }
    if (rule.bias) score = score + pack::load(rule.bias + at + key);
    const pack probability = mask(exp(score - shift));
    const pack gradient = mask(probability * (pack::load(dscores + key) - projection));
    if (rule.dbias) (pack::load(rule.dbias + at + key) + gradient).store(rule.dbias + at + key);
    probability.store(scores + key);
    mask(gradient * slope * pack(scale)).store(dscores + key);
  }
}

/// Adds a block's contribution to dq, and a tile's contribution to dk and dv, which begin at the block.
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
