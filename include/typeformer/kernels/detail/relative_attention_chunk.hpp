// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <limits>

#include <typeformer/kernels/detail/row_blocks.hpp>
#include <typeformer/kernels/gemm_blocked.hpp>
#include <typeformer/reference/relative_attention.hpp>
#include <typeformer/simd/math.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA::detail {

inline constexpr index_type chunk_queries = relative_attention_chunk_queries;

/// Some queries of one head. `content` becomes the scores of all keys that one of the queries sees.
///
/// The scratch memory holds the queries with one bias and with the other, and gradients of the latter; then scores,
/// distances, and gradients of scores.
struct relative_attention_chunk {
  const attention_extents& extents;
  const relative_attention_call<float>& call;
  index_type head, first, rows;
  float* scratch;

  index_type width() const { return extents.head_width; }
  index_type column() const { return head * width(); }
  index_type end() const { return call.end_key(first + rows - 1); }
  index_type end(index_type row) const { return call.end_key(first + row); }
  /// The rows of r that the queries read, and the offset of the row of the key at 0 for one query.
  index_type first_distance() const { return call.bidirectional ? first : 0; }
  index_type distance_count() const { return column_of_first_key(rows - 1) + 1; }
  index_type column_of_first_key(index_type row) const {
    return call.row_of_distance(first + row, 0) - first_distance();
  }

  rows_view<float> by_width(index_type which) const { return {scratch + which * chunk_queries * width(), width()}; }
  rows_view<float> by_keys(index_type which) const {
    const index_type columns = call.keys() + (call.bidirectional ? chunk_queries - 1 : 0);
    return {scratch + chunk_queries * (3 * width() + which * columns), columns};
  }
  rows_view<float> content_queries() const { return by_width(0); }
  rows_view<float> position_queries() const { return by_width(1); }
  rows_view<float> content() const { return by_keys(0); }
  rows_view<float> distances() const { return by_keys(1); }

  template <class S> rows_view<S> of_head(rows_view<S> all, index_type row = 0) const {
    return {all[row] + column(), all.stride};
  }
  rows_view<const float> keys() const { return of_head(call.k); }
  rows_view<const float> values() const { return of_head(call.v); }
  rows_view<const float> of_distances() const { return of_head(call.r, first_distance()); }

  /// content()[row][key] = the score, -infinity where the key is not valid.
  void score() const {
    const rows_view<const float> q = of_head(call.q, first);
    for (index_type row = 0; row < rows; ++row)
      for (index_type c = 0; c < width(); ++c) {
        content_queries()[row][c] = q[row][c] + call.content_bias[column() + c];
        position_queries()[row][c] = q[row][c] + call.position_bias[column() + c];
      }
    gemm_blocked<right_order::outputs_by_inputs>(rows, end(), width(), rows_view<const float>(content_queries()),
                                                 keys().data, keys().stride, {}, content());
    gemm_blocked<right_order::outputs_by_inputs>(rows, distance_count(), width(),
                                                 rows_view<const float>(position_queries()), of_distances().data,
                                                 of_distances().stride, {}, distances());
    const float scale = static_cast<float>(extents.scale);
    for (index_type row = 0; row < rows; ++row) {
      const float* const back = distances()[row] + column_of_first_key(row);
      float* const scores = content()[row];
      for (index_type key = 0; key < end(row); ++key) scores[key] = scale * (scores[key] + back[-key]);
      if (call.key_valid)
        for (index_type key = 0; key < end(row); ++key)
          if (!call.key_valid[key]) scores[key] = -std::numeric_limits<float>::infinity();
    }
  }
};

template <class F>
void for_each_relative_chunk(const attention_extents& extents, const relative_attention_call<float>& call,
                             index_type head, float* scratch, F&& f) {
  float* const mine =
      scratch + head * relative_attention_scratch(1, extents.head_width, call.keys(), call.bidirectional);
  for (index_type first = 0; first < call.queries; first += chunk_queries)
    f(relative_attention_chunk{extents, call, head, first, (std::min)(chunk_queries, call.queries - first), mine});
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA::detail
