// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/result.hpp>
#include <typeformer/generation/candidates.hpp>
#include <typeformer/generation/sampling_error.hpp>

namespace typeformer {

/// Locally typical sampling: keeps the candidates whose information -log p is nearest to the entropy of the
/// distribution, the fewest whose probability reaches `mass` (Meister et al. 2023, arXiv:2202.00666, §5).
///
/// As in Hugging Face, candidates that are as near as the last one are kept too. The distribution is normalized over
/// the candidates that earlier filters kept. The most probable candidate may be removed.
class typical {
 public:
  /// Error: the mass is outside of (0, 1].
  static constexpr result<typical, sampling_error> of(float mass) {
    if (!(mass > 0.0f && mass <= 1.0f)) return failure{sampling_error::problem::typical_mass_is_outside_of_zero_to_one};
    return typical{mass};
  }

  constexpr float value() const { return mass_; }

  constexpr void operator()(candidates& left) const {
    if (mass_ < 1.0f) left.keep_most_typical(static_cast<double>(mass_));
  }

 private:
  constexpr explicit typical(float mass) : mass_{mass} {}
  float mass_;
};

}  // namespace typeformer
