// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

namespace typeformer {

/// A token that may still be chosen.
struct candidate {
  std::int32_t id;
  float logit;
  std::uint32_t weight;  ///< unnormalized probability, exp(logit - greatest logit) in units of 2^-31
};

/// The order of choice: greater logits first, equal ones by id.
constexpr bool more_probable(const candidate& left, const candidate& right) {
  return left.logit > right.logit || (left.logit == right.logit && left.id < right.id);
}

}  // namespace typeformer
