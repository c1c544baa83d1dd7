// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/generation/candidates.hpp>
#include <typeformer/generation/sampling_error.hpp>
#include <typeformer/generation/token_counts.hpp>

namespace typeformer {

/// Makes tokens that occurred less probable: divides positive logits by the penalty and multiplies negative ones by it
/// (Keskar et al. 2019, arXiv:1909.05858, §4.1; both signs as in Hugging Face).
///
/// `counts` says which tokens occurred, usually in the prompt and the text. The result depends on the sign of the
/// logits. Therefore place it before `temperature`, which shifts the greatest logit to 0.
class repetition_penalty {
 public:
  /// Error: the penalty is not a positive finite number. A penalty below 1 makes repetition more probable.
  static constexpr result<repetition_penalty, sampling_error> of(float penalty, token_counts counts) {
    if (!(penalty > 0.0f && is_finite(penalty)))
      return failure{sampling_error::problem::repetition_penalty_is_not_a_positive_finite_number};
    return repetition_penalty{penalty, counts};
  }

  constexpr float value() const { return penalty_; }

  constexpr void operator()(candidates& left) const {
    if (penalty_ == 1.0f) return;
    left.transform_logits([this](const candidate& item) {
      if (counts_.of(item.id) == 0) return item.logit;
      return item.logit < 0.0f ? item.logit * penalty_ : item.logit / penalty_;
    });
  }

 private:
  constexpr repetition_penalty(float penalty, token_counts counts) : penalty_{penalty}, counts_{counts} {}
  float penalty_;
  token_counts counts_;
};

}  // namespace typeformer
