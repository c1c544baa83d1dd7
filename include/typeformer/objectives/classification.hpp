// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>

#include <typeformer/objectives/cross_entropy.hpp>

namespace typeformer {

/// The class of each sequence: the mean of −log P(label) over the labeled sequences.
struct sequence_classification : sequence_cross_entropy<> {
  static constexpr std::array part_names{"sequence_classification"};
};

/// The class of each token: the mean of −log P(label) over the labeled tokens.
struct token_classification : token_cross_entropy<> {
  static constexpr std::array part_names{"token_classification"};
};

}  // namespace typeformer
