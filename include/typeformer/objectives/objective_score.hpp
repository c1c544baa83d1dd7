// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>

#include <typeformer/foundation/config.hpp>

namespace typeformer {

/// The score of one part of an objective.
struct part_score {
  double loss = 0;
  index_type correct = 0;  ///< labels that had the largest logit; 0 if predictions are numbers
};

/// The score of an objective on a batch, part by part.
template <index_type Parts> struct objective_score {
  std::array<part_score, std::size_t(Parts)> parts{};

  constexpr double loss() const {
    double sum = 0;
    for (const part_score& part : parts) sum += part.loss;
    return sum;
  }
};

}  // namespace typeformer
