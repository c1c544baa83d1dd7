// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <random>
#include <vector>

#include <typeformer/parameters/initialize.hpp>

namespace typeformer::testing {

/// Parameters of which none is at its start: weights are large enough to matter, gains and biases random too.
template <Model M> parameters<M> random_parameters(unsigned seed) {
  parameters<M> values;
  std::mt19937 generator{seed};
  initialize(values, generator);
  for (index_type i = 0; i < values.size(); ++i)
    values.data()[i] += static_cast<float>(0.1 * standard_normal(generator));
  return values;
}

inline std::vector<std::int32_t> random_ids(std::mt19937& generator, index_type count, index_type vocabulary) {
  std::vector<std::int32_t> ids(static_cast<std::size_t>(count));
  for (std::int32_t& id : ids) id = static_cast<std::int32_t>(generator() % static_cast<unsigned>(vocabulary));
  return ids;
}

}  // namespace typeformer::testing
