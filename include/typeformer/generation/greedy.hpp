// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include <typeformer/generation/candidates.hpp>

namespace typeformer {

/// Chooses the greatest logit; of equal logits the lowest id. NaN and minus infinity are never chosen: if there is
/// nothing else the result is `no_token`.
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

  /// The call that every sampler has. Workspace and generator are not used.
  template <class Generator>
  constexpr std::int32_t operator()(std::span<const float> logits, std::span<candidate>, Generator&) const {
    return (*this)(logits);
  }
};

}  // namespace typeformer
