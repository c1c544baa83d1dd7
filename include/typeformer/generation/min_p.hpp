// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/result.hpp>
#include <typeformer/generation/candidates.hpp>
#include <typeformer/generation/sampling_error.hpp>

namespace typeformer {

/// Keeps the candidates whose probability is at least p times that of the most probable one (Nguyen et al. 2024,
/// arXiv:2407.01082, §3).
class min_p {
 public:
  /// Error: p is outside of [0, 1].
  static constexpr result<min_p, sampling_error> of(float p) {
    if (!(p >= 0.0f && p <= 1.0f)) return failure{sampling_error::problem::min_p_is_outside_of_zero_to_one};
    return min_p{p};
  }

  constexpr float value() const { return p_; }

  constexpr void operator()(candidates& left) const {
    if (p_ > 0.0f && !left.empty()) left.keep_at_least(static_cast<double>(p_));
  }

 private:
  constexpr explicit min_p(float p) : p_{p} {}
  float p_;
};

}  // namespace typeformer
