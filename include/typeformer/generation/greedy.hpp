// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include <typeformer/generation/candidates.hpp>

namespace typeformer {

/// Chooses the greatest logit, the lowest id of equal ones; never NaN or minus infinity (`no_token` if nothing else).
struct greedy {
  static constexpr index_type workspace_size(index_type /*vocabulary*/) { return 0; }

  constexpr std::int32_t operator()(std::span<const float> logits) const {
    std::int32_t chosen = no_token;
    float greatest = -std::numeric_limits<float>::infinity();
    for (std::size_t id = 0; id < logits.size(); ++id)
      if (logits[id] > greatest) {
        greatest = logits[id];
        chosen = static_cast<std::int32_t>(id);
      }
    return chosen;
  }

  /// The call that every sampler has; workspace and generator stay untouched.
  template <class Generator>
  constexpr std::int32_t operator()(std::span<const float> logits, std::span<candidate>, Generator&) const {
    return (*this)(logits);
  }
};

}  // namespace typeformer
