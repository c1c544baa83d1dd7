// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/shape/views.hpp>

namespace typeformer {

/// The operands of one attention with relative positions over one sequence. Query i is at key position `past` + i and
/// sees the keys up to it, or all keys if it is `bidirectional`.
///
/// q, y [queries][heads * head_width]; k, v [past + queries][heads * head_width]; r [farthest_ahead + past +
/// queries][heads * head_width], row farthest_ahead + d of keys d positions back; content_bias, position_bias [heads *
/// head_width]; key_valid [past + queries] or null; log_sum_exp [queries][heads], null data when unwanted.
template <class S> struct relative_attention_call {
  index_type queries, past;
  rows_view<const S> q, k, v, r;
  const S *content_bias, *position_bias;
  const std::uint8_t* key_valid;
  rows_view<S> y, log_sum_exp;
  bool bidirectional = false;

  constexpr index_type keys() const { return past + queries; }
  /// The keys [0, end) that a query sees.
  constexpr index_type end_key(index_type query) const { return bidirectional ? keys() : past + query + 1; }
  constexpr index_type farthest_ahead() const { return bidirectional ? queries - 1 : 0; }
  /// The row of `r` for a query and a key that it sees.
  constexpr index_type row_of_distance(index_type query, index_type key) const {
    return farthest_ahead() + past + query - key;
  }
  constexpr bool is_valid(index_type key) const { return !key_valid || key_valid[key]; }
};

/// The gradients of such an attention: dq, dk and dv are written, the others accumulate.
template <class S> struct relative_attention_gradients {
  rows_view<S> dq, dk, dv, dr;
  S *dcontent_bias, *dposition_bias;
};

/// The number of queries of one head whose scores the kernels keep at once, and the scalars needed for all heads of a
/// call.
inline constexpr index_type relative_attention_chunk_queries = 32;
constexpr index_type relative_attention_scratch(index_type heads, index_type head_width, index_type keys,
                                                bool bidirectional = false) {
  const index_type ahead = bidirectional ? relative_attention_chunk_queries - 1 : 0;
  return heads * 3 * relative_attention_chunk_queries * (head_width + keys + ahead);
}

}  // namespace typeformer
