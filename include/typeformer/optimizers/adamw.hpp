// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>

#include <typeformer/optimizers/detail/adam_pass.hpp>

namespace typeformer {

/// Adam with decoupled weight decay, as PyTorch's `AdamW`. With `AMSGrad` the second moment never decreases.
///
/// θ ← θ − η λ θ;  m ← β₁ m + (1 − β₁) g;  v ← β₂ v + (1 − β₂) g²;  θ ← θ − η m̂ / (√v̂ + ε),
/// m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ) (Loshchilov, Hutter 2019, algorithm 2). AMSGrad: v̂ from the largest v so far
/// (Reddi, Kale, Kumar 2018, algorithm 2), bias-corrected. State: m, v and, for AMSGrad, the largest v.
template <bool AMSGrad> struct basic_adamw {
  double beta1 = 0.9, beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.01;

  static constexpr int state_arrays = AMSGrad ? 3 : 2;
  static constexpr unsigned arrays_of_squares = AMSGrad ? 0b110 : 0b010;
  constexpr auto settings() const {
    return std::array{setting{"beta1", beta1, from_zero_to_below_one}, setting{"beta2", beta2, from_zero_to_below_one},
                      setting{"epsilon", epsilon, above_zero}, setting{"weight_decay", weight_decay, not_negative}};
  }

  template <class S>
  constexpr void update(const tensor_update<S, state_arrays>& tensor, const step_context& context) const {
    const double decay = tensor.decays ? weight_decay : 0;
    detail::adam_pass<AMSGrad>(tensor, context,
                               {.beta1 = beta1,
                                .beta2 = beta2,
                                .epsilon = epsilon,
                                .l2 = 0,
                                .kept_before = 1 - context.learning_rate * decay});
  }
};

using adamw = basic_adamw<false>;
using adamw_amsgrad = basic_adamw<true>;

}  // namespace typeformer
