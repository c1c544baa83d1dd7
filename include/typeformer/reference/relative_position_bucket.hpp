// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/math.hpp>

namespace typeformer {

/// How distances are divided into buckets: one bucket per distance near 0, wider ones up to `maximum_distance`, and the
/// last one for all distances beyond.
struct distance_buckets {
  index_type count, maximum_distance;
  bool both_directions;  ///< half of the buckets are for keys after the query; else those keys share bucket 0

  /// Buckets of one direction. The first half of them are for single distances.
  constexpr index_type of_a_direction() const { return both_directions ? count / 2 : count; }
  constexpr bool are_possible() const { return of_a_direction() >= 2 && maximum_distance > of_a_direction() / 2; }
};

namespace reference {

/// The bucket of a distance, key position minus query position (Raffel et al. 2020, arXiv:1910.10683, §2.1; logarithms
/// in float, as in the published code). Precondition: `buckets.are_possible()`.
constexpr index_type relative_position_bucket(index_type distance, const distance_buckets& buckets) {
  const index_type count = buckets.of_a_direction(), exact = count / 2;
  const index_type first = buckets.both_directions && distance > 0 ? count : 0;
  const index_type away = distance < 0 ? -distance : buckets.both_directions ? distance : 0;
  if (away < exact) return first + away;
  const float ratio = static_cast<float>(away) / static_cast<float>(exact);
  const float whole =
      static_cast<float>(math::log(static_cast<double>(buckets.maximum_distance) / static_cast<double>(exact)));
  const float fraction = static_cast<float>(math::log(static_cast<double>(ratio))) / whole;
  const index_type wide = exact + static_cast<index_type>(fraction * static_cast<float>(count - exact));
  return first + (wide < count ? wide : count - 1);
}

}  // namespace reference
}  // namespace typeformer
