// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <typeformer/contract/weights_view.hpp>
#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/laws/ragged_batch.hpp>
#include <typeformer/laws/run_walk.hpp>
#include <typeformer/parameters/weights.hpp>

namespace typeformer::laws {

namespace detail {

/// Largest difference, relative to the largest value.
inline double largest_error(const std::vector<float>& single, const std::vector<double>& exact) {
  if (single.size() != exact.size()) return INFINITY;
  double error = 0, largest = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    const double difference = (std::abs)(double(single[i]) - exact[i]);
    if (!is_finite(difference)) return INFINITY;
    error = (std::max)(error, difference);
    largest = (std::max)(largest, (std::abs)(exact[i]));
  }
  return largest > 0 ? error / largest : INFINITY;
}

}  // namespace detail

/// Law: the kernels in float agree with the scalar reference in double. `Walk` delivers what is compared.
template <class Walk, class Use> double single_precision_error(const token_batch& batch) {
  walk_runner<Walk, Use, double> exact;
  walk_runner<Walk, Use, float> single;
  const std::vector<float> weights = random_values<float>(planned<Walk, Use>::value.parameters);
  const std::vector<double> same(weights.begin(), weights.end());
  return detail::largest_error(single.values(canonical_weights_view<float>{weights.data()}, batch),
                               exact.values(canonical_weights_view<double>{same.data()}, batch));
}

/// Law: the kernels that read packed weights agree with it, too.
template <Model M, class Use> double packed_weights_error(const token_batch& batch) {
  walk_runner<forward_walk<M>, Use, double> exact;
  walk_runner<forward_walk<M>, Use, float> single;
  const std::vector<float> canonical = random_values<float>(layout_of<M>.parameters);
  const std::vector<double> same(canonical.begin(), canonical.end());
  weights<M> packed;
  packed.pack(canonical.data());
  return detail::largest_error(single.values(packed.view(), batch),
                               exact.values(canonical_weights_view<double>{same.data()}, batch));
}

}  // namespace typeformer::laws
