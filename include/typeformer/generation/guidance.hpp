// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <concepts>
#include <cstddef>
#include <limits>
#include <span>

#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/generation/sampling_error.hpp>
#include <typeformer/generation/softmax_weight.hpp>

namespace typeformer {

/// Makes one row of logits of two. `to` may be neither of them.
template <class C>
concept LogitCombination = requires(const C& combine, std::span<const float> first, std::span<const float> second,
                                    std::span<float> to) { combine(first, second, to); };

/// Classifier-free guidance (Sanchez et al. 2023, arXiv:2306.17806, equation 7): the logits behind a prompt are moved
/// away from those without it. logits = without + scale · (with - without).
///
/// The normalization of probabilities is the same for all tokens of a row and cancels. Scale 1 is the prompt alone, 0
/// is without it, above 1 the prompt counts more. Where both logits are infinite the result is NaN, which no sampler
/// chooses.
class classifier_free_guidance {
 public:
  /// Error: the scale is not finite.
  static constexpr result<classifier_free_guidance, sampling_error> of(float scale) {
    if (!is_finite(scale)) return failure{sampling_error::problem::guidance_scale_is_not_a_finite_number};
    return classifier_free_guidance{scale};
  }

  constexpr float scale() const { return scale_; }

  constexpr void operator()(std::span<const float> with_prompt, std::span<const float> without,
                            std::span<float> to) const {
    for (std::size_t id = 0; id < to.size(); ++id)
      to[id] = scale_ == 1.0f ? with_prompt[id] : without[id] + scale_ * (with_prompt[id] - without[id]);
  }

 private:
  constexpr explicit classifier_free_guidance(float scale) : scale_{scale} {}
  float scale_;
};

/// Contrastive decoding (Li et al. 2023, arXiv:2210.15097, equations 2 to 4): the logits of an expert minus those of an
/// amateur, a smaller model, which takes away what both find probable, such as repetition. Tokens whose probability is
/// less than `plausibility` (the paper's α, there 0.1) of the expert's greatest one get minus infinity.
class contrastive_decoding {
 public:
  /// Error: the plausibility is outside of [0, 1].
  static constexpr result<contrastive_decoding, sampling_error> of(float plausibility) {
    if (!(plausibility >= 0.0f && plausibility <= 1.0f))
      return failure{sampling_error::problem::plausibility_is_outside_of_zero_to_one};
    return contrastive_decoding{plausibility};
  }

  constexpr float plausibility() const { return plausibility_; }

  constexpr void operator()(std::span<const float> expert, std::span<const float> amateur, std::span<float> to) const {
    constexpr float lowest = -std::numeric_limits<float>::infinity();
    float greatest = lowest;
    for (const float logit : expert) greatest = logit > greatest ? logit : greatest;
    const double least = static_cast<double>(plausibility_) * static_cast<double>(full_softmax_weight);
    for (std::size_t id = 0; id < to.size(); ++id) {
      const float logit = expert[id];
      const bool is_plausible =
          logit == greatest || (logit > lowest && static_cast<double>(softmax_weight(greatest - logit)) >= least);
      to[id] = is_plausible ? logit - amateur[id] : lowest;
    }
  }

 private:
  constexpr explicit contrastive_decoding(float plausibility) : plausibility_{plausibility} {}
  float plausibility_;
};

}  // namespace typeformer
