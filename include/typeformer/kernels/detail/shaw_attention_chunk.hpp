// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <limits>

#include <typeformer/kernels/detail/row_blocks.hpp>
#include <typeformer/kernels/gemm_blocked.hpp>
#include <typeformer/reference/shaw_attention.hpp>
#include <typeformer/simd/math.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA::detail {

/// Some queries of one head: `scores` of the keys that one of them sees.
///
/// Data of a distance is in a table [queries][2 reach + 1]. The place of a key in its row depends on the query. Keys at
/// least the reach before a query share the first place, keys at least the reach after it the last one, and keys
/// between have neighboring places. The scratch memory holds two tables by key, two by distance, and the gradients of
/// the vectors of distances.
template <class Mask> struct shaw_attention_chunk {
  const attention_extents& extents;
  const shaw_attention_call<float>& call;
  index_type head, first, rows;
  float* scratch;

  index_type width() const { return extents.head_width; }
  index_type distances() const { return 2 * call.reach + 1; }
  index_type position(index_type row) const { return call.past + first + row; }
  index_type seen(index_type row) const { return Mask::end_key(position(row), call.keys()); }
  index_type end() const { return seen(rows - 1); }

  rows_view<float> by_keys(index_type which) const {
    return {scratch + which * shaw_attention_chunk_queries * call.keys(), call.keys()};
  }
  rows_view<float> by_distances(index_type which) const {
    return {by_keys(2).data + which * shaw_attention_chunk_queries * distances(), distances()};
  }
  rows_view<float> gradient_of_vectors(index_type which) const {
    return {by_distances(2).data + which * distances() * width(), width()};
  }
  rows_view<float> scores() const { return by_keys(0); }

  template <class S> rows_view<S> of_head(rows_view<S> all, index_type row = 0) const {
    return {all[row] + head * width(), all.stride};
  }

  /// Calls f(first key, keys, place of the first key, whether all keys have that place) for the keys that a row sees.
  template <class F> void for_each_part(index_type row, F&& f) const {
    const index_type here = position(row), end_key = seen(row);
    const index_type near = std::clamp<index_type>(here - call.reach + 1, 0, end_key),
                     far = std::clamp<index_type>(here + call.reach, near, end_key);
    if (near > 0) f(index_type{0}, near, index_type{0}, true);
    if (far > near) f(near, far - near, call.row_of(near - here), false);
    if (end_key > far) f(far, end_key - far, 2 * call.reach, true);
  }
  /// sums[row][key] = factor * (sums[row][key] + table[row][place]) for the keys that the row sees.
  void add_by_distance(rows_view<float> sums, rows_view<float> table, float factor) const {
    using pack = simd::pack<float>;
    for (index_type row = 0; row < rows; ++row)
      for_each_part(row, [&](index_type key, index_type count, index_type place, bool same) {
        float* const to = sums[row] + key;
        const float* const from = table[row] + place;
        for_each_pack(count, [&](index_type i, auto n) {
          const pack other = same ? pack(*from) : load(from + i, n);
          store(pack(factor) * (load(to + i, n) + other), to + i, n);
        });
      });
  }
  /// table[row][place] = the sum of the row's numbers for the keys of that place.
  void sum_by_distance(rows_view<const float> of_keys, rows_view<float> table) const {
    for (index_type row = 0; row < rows; ++row) {
      std::fill_n(table[row], distances(), 0.0f);
      for_each_part(row, [&](index_type key, index_type count, index_type place, bool same) {
        const float* const from = of_keys[row] + key;
        if (same) table[row][place] += sum_over(count, [&](index_type i, auto n) { return load(from + i, n); });
        else std::copy_n(from, count, table[row] + place);
      });
    }
  }

  /// scores()[row][key] = the score, -infinity where the key is not valid.
  void score() const {
    const rows_view<const float> q = of_head(call.q, first), k = of_head(call.k);
    gemm_blocked<right_order::outputs_by_inputs>(rows, end(), width(), q, k.data, k.stride, {}, scores());
    gemm_blocked<right_order::outputs_by_inputs>(rows, distances(), width(), q, call.distance_keys.data,
                                                 call.distance_keys.stride, {}, by_distances(0));
    add_by_distance(scores(), by_distances(0), static_cast<float>(extents.scale));
    if (!call.key_valid) return;
    for (index_type row = 0; row < rows; ++row)
      for (index_type key = 0; key < seen(row); ++key)
        if (!call.key_valid[key]) scores()[row][key] = -std::numeric_limits<float>::infinity();
  }
};

template <class Mask, class F>
void for_each_shaw_chunk(const attention_extents& extents, const shaw_attention_call<float>& call, index_type head,
                         float* scratch, F&& f) {
  float* const mine = scratch + head * shaw_attention_scratch(1, extents.head_width, call.reach, call.keys());
  for (index_type first = 0; first < call.queries; first += shaw_attention_chunk_queries)
    f(shaw_attention_chunk<Mask>{extents, call, head, first,
                                 (std::min)(shaw_attention_chunk_queries, call.queries - first), mine});
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA::detail
