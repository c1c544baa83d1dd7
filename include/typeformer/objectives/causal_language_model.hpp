// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>

#include <typeformer/objectives/cross_entropy.hpp>

namespace typeformer {

/// Predicting the next token: −1/N Σ log P(x_{t+1}
///
/// x_1 … x_t) (Bengio et al. 2003, §2; Radford et al. 2018, eq. 1), the mean over the N rows that have a label. The
/// label of row t is the token after it, which the data puts into the batch.
struct causal_language_model : token_cross_entropy<> {
  static constexpr bool predicts_tokens = true;
  static constexpr std::array part_names{"causal_language_model"};
};

}  // namespace typeformer
