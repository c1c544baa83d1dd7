// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>

#include <typeformer/optimizers/detail/elements.hpp>
#include <typeformer/optimizers/optimizer.hpp>

namespace typeformer {

/// Lion: every parameter moves by the learning rate; only the sign is learned.
///
/// θ ← (1 − η λ) θ − η sign(β₁ m + (1 − β₁) g);  m ← β₂ m + (1 − β₂) g (Chen et al. 2023, algorithm 2). State: m.
struct lion {
  double beta1 = 0.9, beta2 = 0.99;
  double weight_decay = 0;

  static constexpr int state_arrays = 1;
  constexpr auto settings() const {
    return std::array{setting{"beta1", beta1, from_zero_to_below_one}, setting{"beta2", beta2, from_zero_to_below_one},
                      setting{"weight_decay", weight_decay, not_negative}};
  }

  template <class S>
  constexpr void update(const tensor_update<S, state_arrays>& tensor, const step_context& context) const {
    const S b1 = S(beta1), rest1 = S(1 - beta1), b2 = S(beta2), rest2 = S(1 - beta2), rate = S(context.learning_rate);
    const S kept = S(1 - context.learning_rate * (tensor.decays ? weight_decay : 0));
    const auto step = [=](auto g, auto& value, auto& m) {
      value = kept * value - rate * detail::sign(b1 * m + rest1 * g);
      m = b2 * m + rest2 * g;
    };
    detail::update_elements<S>(tensor.size(), step, tensor.gradient, tensor.values, tensor.state[0]);
  }
};

}  // namespace typeformer
