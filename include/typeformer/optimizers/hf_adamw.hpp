// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>

#include <typeformer/optimizers/detail/elements.hpp>
#include <typeformer/optimizers/optimizer.hpp>

namespace typeformer {

/// AdamW in the order of Hugging Face's `transformers.AdamW`: ε is not bias-corrected, and decay comes last and uses
/// the new value. Without `correct_bias` it is BERT's own optimizer.
///
/// m ← β₁ m + (1 − β₁) g;  v ← β₂ v + (1 − β₂) g²;  θ ← θ − η c m / (√v + ε);  θ ← θ − η λ θ, with
/// c = √(1 − β₂ᵗ) / (1 − β₁ᵗ) or 1 (Loshchilov, Hutter 2019; c: Kingma, Ba 2015, end of §2). State: m, v.
struct hf_adamw {
  double beta1 = 0.9, beta2 = 0.999;
  double epsilon = 1e-6;
  double weight_decay = 0;
  bool correct_bias = true;

  static constexpr int state_arrays = 2;
  static constexpr unsigned arrays_of_squares = 0b10;
  constexpr auto settings() const {
    return std::array{setting{"beta1", beta1, from_zero_to_below_one}, setting{"beta2", beta2, from_zero_to_below_one},
                      setting{"epsilon", epsilon, above_zero}, setting{"weight_decay", weight_decay, not_negative}};
  }

  template <class S>
  constexpr void update(const tensor_update<S, state_arrays>& tensor, const step_context& context) const {
    const double correction = correct_bias ? math::sqrt(1 - math::pow(beta2, double(context.step))) /
                                                 (1 - math::pow(beta1, double(context.step)))
                                           : 1;
    const S b1 = S(beta1), rest1 = S(1 - beta1), b2 = S(beta2), rest2 = S(1 - beta2), eps = S(epsilon);
    const S rate = S(context.learning_rate * correction);
    const S kept = S(1 - context.learning_rate * (tensor.decays ? weight_decay : 0));
    const auto step = [=](auto g, auto& value, auto& m, auto& v) {
      m = b1 * m + rest1 * g;
      v = b2 * v + rest2 * (g * g);
      value = kept * (value - rate * m / (detail::square_root(v) + eps));
    };
    detail::update_elements<S>(tensor.size(), step, tensor.gradient, tensor.values, tensor.state[0], tensor.state[1]);
  }
};

}  // namespace typeformer
