// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/foundation/math.hpp>
#include <typeformer/reference/attention_call.hpp>
#include <typeformer/shape/views.hpp>

namespace typeformer {

/// Which row of a table [2 · span()] stands for a distance: single distances near 0, then `buckets` that grow with the
/// logarithm up to `farthest` (He et al. 2021, arXiv:2006.03654, in the published code of version 2). Without buckets
/// every distance up to `farthest` has a row.
struct distance_rows {
  index_type buckets = 0, farthest = 1;

  constexpr index_type span() const { return buckets > 0 ? buckets : farthest; }
  /// The logarithms need distances beyond the nearer half of the buckets.
  constexpr bool are_possible() const { return farthest > 0 && (buckets <= 0 || farthest - 1 > buckets / 2); }

  /// The row of a distance, query position minus key position. Logarithms are in float, as in the published code.
  constexpr index_type of(index_type distance) const {
    const index_type row = bucket(distance) + span();
    return row < 0 ? 0 : row >= 2 * span() ? 2 * span() - 1 : row;
  }

 private:
  static constexpr float log_of_ratio(index_type a, index_type b) {
    return static_cast<float>(math::log(static_cast<double>(static_cast<float>(a) / static_cast<float>(b))));
  }
  constexpr index_type bucket(index_type distance) const {
    const index_type near = buckets / 2, away = distance < 0 ? -distance : distance;
    if (buckets <= 0 || away <= near) return distance;
    const float share = log_of_ratio(away, near) / log_of_ratio(farthest - 1, near) * static_cast<float>(near - 1);
    index_type wide = static_cast<index_type>(share);
    if (static_cast<float>(wide) < share) ++wide;  // the ceiling
    return distance < 0 ? -(wide + near) : wide + near;
  }
};

/// The operands of one disentangled attention over one sequence.
///
/// q, k, v, y [tokens][heads * head_width]; distance_keys, distance_queries [distances][heads * head_width], with null
/// data if scores do not have them; row_of[d] is their row for the distance d, from 1 - tokens to tokens - 1; valid
/// [tokens] or null; log_sum_exp [tokens][heads], with null data if it is not wanted.
template <class S> struct disentangled_attention_call {
  index_type tokens;
  const std::int32_t* row_of;
  rows_view<const S> q, k, v, distance_keys, distance_queries;
  const std::uint8_t* valid;
  rows_view<S> y, log_sum_exp;
};

/// The gradients of such an attention: dq, dk and dv are written, the others, if there are any, accumulate.
template <class S> struct disentangled_attention_gradients {
  rows_view<S> dq, dk, dv, ddistance_keys, ddistance_queries;
};

}  // namespace typeformer
