// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace typeformer {

/// The factor of each normalized column: a weight, 1 + a weight (Gemma Team 2024, arXiv:2403.08295, in its published
/// code), or 1, without weights.
enum class norm_gain { weight, one_plus_weight, one };

namespace reference {

/// The gain of column `i`. Without weights they may be null.
template <norm_gain Gain, class S, class Index> constexpr S gain_of(const S* weight, Index i) {
  if constexpr (Gain == norm_gain::weight) return weight[i];
  else if constexpr (Gain == norm_gain::one_plus_weight) return S{1} + weight[i];
  else return S{1};
}

}  // namespace reference
}  // namespace typeformer
