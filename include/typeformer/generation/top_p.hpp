// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/result.hpp>
#include <typeformer/generation/candidates.hpp>
#include <typeformer/generation/sampling_error.hpp>

namespace typeformer {

/// Nucleus sampling: keeps the smallest prefix of the candidates, sorted by probability, whose probability reaches p;
/// at least one (Holtzman et al. 2020, arXiv:1904.09751, eq. 2–3). Probabilities are normalized over the candidates
/// that earlier filters kept.
class top_p {
 public:
  /// Error: p is outside of (0, 1].
  static constexpr result<top_p, sampling_error> of(float p) {
    if (!(p > 0.0f && p <= 1.0f)) return failure{sampling_error::problem::top_p_is_outside_of_zero_to_one};
    return top_p{p};
  }

  constexpr float value() const { return p_; }

  constexpr void operator()(candidates& left) const {
    if (p_ < 1.0f) left.keep_most_weight(static_cast<double>(p_));
  }

 private:
  constexpr explicit top_p(float p) : p_{p} {}
  float p_;
};

}  // namespace typeformer
