// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>

#include <typeformer/objectives/cross_entropy.hpp>

namespace typeformer {

/// Predicting hidden tokens: −1/|M| Σ_{i ∈ M} log P(x_i
///
/// x with M hidden), the mean over the chosen positions M (Devlin et al. 2019, arXiv:1810.04805, §3.1: −E Σ 1(x_i =
/// MASK) log P). The label of a chosen position is its original token; `masking` chooses.
struct masked_lm : token_cross_entropy<> {
  static constexpr bool predicts_tokens = true;
  static constexpr std::array part_names{"masked_lm"};
};

}  // namespace typeformer
