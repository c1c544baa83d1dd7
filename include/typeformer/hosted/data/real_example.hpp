// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <vector>

#include <typeformer/objectives/objective.hpp>

namespace typeformer {

/// A recorded sequence of features, or an image, with its labels and targets. Empty members do not exist.
struct real_example {
  std::vector<float> values{};             ///< [rows][channels], or [channels][height][width] of an image
  std::int32_t label = no_label;           ///< of the whole
  std::vector<float> targets{};            ///< of the whole: [outputs]; NaN in the first: none
  std::vector<std::int32_t> row_labels{};  ///< [rows], of each row but a class token; -100: none
  std::vector<float> row_targets{};        ///< [rows][outputs], of each row but a class token; NaN in the first: none
};

}  // namespace typeformer
