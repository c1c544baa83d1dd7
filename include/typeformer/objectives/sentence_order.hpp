// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>

#include <typeformer/objectives/cross_entropy.hpp>

namespace typeformer {

/// Whether two consecutive segments are in their order (label 0) or swapped (label 1): the mean of −log P(label) over
/// the sequences (Lan et al. 2020, arXiv:1909.11942, §3.1).
struct sentence_order : sequence_cross_entropy<> {
  static constexpr std::array part_names{"sentence_order"};
};

}  // namespace typeformer
