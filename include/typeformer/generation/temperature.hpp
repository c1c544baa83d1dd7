// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/generation/candidates.hpp>
#include <typeformer/generation/sampling_error.hpp>

namespace typeformer {

/// Divides the logits by a temperature. Below 1 it sharpens the distribution, above 1 it flattens it (Ackley, Hinton
/// and Sejnowski 1985, "A learning algorithm for Boltzmann machines").
///
/// The distance from the greatest logit is divided, and the greatest logit becomes 0. The softmax is the same, and no
/// temperature overflows.
class temperature {
 public:
  /// Error: the value is not a positive finite number.
  static constexpr result<temperature, sampling_error> of(float value) {
    if (!(value > 0.0f && is_finite(value)))
      return failure{sampling_error::problem::temperature_is_not_a_positive_finite_number};
    return temperature{value};
  }

  constexpr float value() const { return value_; }

  constexpr void operator()(candidates& left) const {
    if (value_ == 1.0f || left.empty()) return;
    const float greatest = left.greatest_logit();
    left.transform_logits(
        [=, this](const candidate& item) { return item.logit == greatest ? 0.0f : (item.logit - greatest) / value_; });
  }

 private:
  constexpr explicit temperature(float value) : value_{value} {}
  float value_;
};

}  // namespace typeformer
