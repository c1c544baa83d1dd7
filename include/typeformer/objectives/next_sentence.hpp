// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>

#include <typeformer/objectives/cross_entropy.hpp>

namespace typeformer {

/// Whether the second segment follows the first in its document (label 0) or comes from another one (label 1): the mean
/// of −log P(label) over the sequences (Devlin et al. 2019, arXiv:1810.04805, §3.1, task 2).
struct next_sentence : sequence_cross_entropy<> {
  static constexpr std::array part_names{"next_sentence"};
};

}  // namespace typeformer
