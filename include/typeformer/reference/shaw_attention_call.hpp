// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/reference/attention_call.hpp>

namespace typeformer {

/// The operands of one attention with vectors of distances over one sequence. Query i is at key position `past` + i.
///
/// q, y [queries][heads * head_width]; k, v [past + queries][heads * head_width]; distance_keys, distance_values [2 *
/// reach + 1][head_width], for distances -reach ... reach from a query to a key, where the outermost ones are also
/// those of all distances beyond; key_valid [past + queries] or null; log_sum_exp [queries][heads], with null data if
/// it is not wanted.
template <class S> struct shaw_attention_call {
  index_type queries, past, reach;
  rows_view<const S> q, k, v, distance_keys, distance_values;
  const std::uint8_t* key_valid;
  rows_view<S> y, log_sum_exp;

  constexpr index_type keys() const { return past + queries; }
  /// The row of a distance.
  constexpr index_type row_of(index_type distance) const {
    return distance < -reach ? 0 : distance > reach ? 2 * reach : distance + reach;
  }
};

/// The gradients of such an attention: dq, dk and dv are written, the others accumulate.
template <class S> struct shaw_attention_gradients {
  rows_view<S> dq, dk, dv, ddistance_keys, ddistance_values;
};

/// The number of queries of one head whose scores the kernels keep at once, and the scalars needed for all heads of a
/// call.
inline constexpr index_type shaw_attention_chunk_queries = 32;
constexpr index_type shaw_attention_scratch(index_type heads, index_type head_width, index_type reach,
                                            index_type keys) {
  const index_type distances = 2 * reach + 1;
  return heads * 2 * (shaw_attention_chunk_queries * (keys + distances) + distances * head_width);
}

}  // namespace typeformer
