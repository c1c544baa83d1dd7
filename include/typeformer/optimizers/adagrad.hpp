// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>

#include <typeformer/optimizers/detail/elements.hpp>
#include <typeformer/optimizers/optimizer.hpp>

namespace typeformer {

/// Adagrad with a diagonal matrix, as in PyTorch.
///
/// g ← g + λ θ;  s ← s + g², from `initial_sum`;  θ ← θ − η / (1 + (t − 1) δ) · g / (√s + ε), δ = `rate_decay` (Duchi,
/// Hazan, Singer 2011, §1.1, figure 1). State: s.
struct adagrad {
  double rate_decay = 0;
  double initial_sum = 0;
  double epsilon = 1e-10;
  double weight_decay = 0;

  static constexpr int state_arrays = 1;
  static constexpr unsigned arrays_of_squares = 0b1;
  constexpr auto settings() const {
    return std::array{setting{"rate_decay", rate_decay, not_negative},
                      setting{"initial_sum", initial_sum, not_negative}, setting{"epsilon", epsilon, above_zero},
                      setting{"weight_decay", weight_decay, not_negative}};
  }

  template <class S>
  constexpr void update(const tensor_update<S, state_arrays>& tensor, const step_context& context) const {
    const S rate = S(context.learning_rate / (1 + double(context.step - 1) * rate_decay)), eps = S(epsilon);
    const S l2 = S(tensor.decays ? weight_decay : 0), start = S(context.step == 1 ? initial_sum : 0);
    const auto step = [=](auto g, auto& value, auto& sum) {
      g = g + l2 * value;
      sum = sum + start + g * g;
      value = value - rate * g / (detail::square_root(sum) + eps);
    };
    detail::update_elements<S>(tensor.size(), step, tensor.gradient, tensor.values, tensor.state[0]);
  }
};

}  // namespace typeformer
