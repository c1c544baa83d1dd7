// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/generation/candidates.hpp>
#include <typeformer/generation/sampling_error.hpp>
#include <typeformer/generation/token_counts.hpp>

namespace typeformer {

/// Lowers a logit by a penalty for each time that the token occurred: logit - penalty · count. As in OpenAI's
/// interface, only generated tokens count. A negative penalty raises the logit.
class frequency_penalty {
 public:
  /// Error: the penalty is not a finite number.
  static constexpr result<frequency_penalty, sampling_error> of(float penalty, token_counts counts) {
    if (!is_finite(penalty)) return failure{sampling_error::problem::penalty_is_not_a_finite_number};
    return frequency_penalty{penalty, counts};
  }

  constexpr float value() const { return penalty_; }

  constexpr void operator()(candidates& left) const {
    if (penalty_ == 0.0f) return;
    left.transform_logits(
        [this](const candidate& item) { return item.logit - penalty_ * static_cast<float>(counts_.of(item.id)); });
  }

 private:
  constexpr frequency_penalty(float penalty, token_counts counts) : penalty_{penalty}, counts_{counts} {}
  float penalty_;
  token_counts counts_;
};

}  // namespace typeformer
