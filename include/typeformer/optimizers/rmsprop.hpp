// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>

#include <typeformer/optimizers/detail/elements.hpp>
#include <typeformer/optimizers/optimizer.hpp>

namespace typeformer {

/// RMSprop, as PyTorch's without momentum. `Centered` divides by the standard deviation instead of the root mean
/// square.
///
/// g ← g + λ θ;  v ← α v + (1 − α) g²;  θ ← θ − η g / (√v + ε) (Hinton 2012, Coursera lecture 6e); centered: ḡ ← α ḡ +
/// (1 − α) g and √(v − ḡ²) (Graves 2013, equations 38–41, with ε outside the root). State: v and, if centered, ḡ.
template <bool Centered> struct basic_rmsprop {
  double smoothing = 0.99;
  double epsilon = 1e-8;
  double weight_decay = 0;

  static constexpr int state_arrays = Centered ? 2 : 1;
  static constexpr unsigned arrays_of_squares = 0b1;
  constexpr auto settings() const {
    return std::array{setting{"smoothing", smoothing, from_zero_to_below_one}, setting{"epsilon", epsilon, above_zero},
                      setting{"weight_decay", weight_decay, not_negative}};
  }

  template <class S>
  constexpr void update(const tensor_update<S, state_arrays>& tensor, const step_context& context) const {
    const S alpha = S(smoothing), rest = S(1 - smoothing), eps = S(epsilon), rate = S(context.learning_rate);
    const S l2 = S(tensor.decays ? weight_decay : 0);
    if constexpr (Centered) {
      const auto step = [=](auto g, auto& value, auto& v, auto& mean) {
        g = g + l2 * value;
        v = alpha * v + rest * (g * g);
        mean = alpha * mean + rest * g;
        value = value - rate * g / (detail::square_root(v - mean * mean) + eps);
      };
      detail::update_elements<S>(tensor.size(), step, tensor.gradient, tensor.values, tensor.state[0], tensor.state[1]);
    } else {
      const auto step = [=](auto g, auto& value, auto& v) {
        g = g + l2 * value;
        v = alpha * v + rest * (g * g);
        value = value - rate * g / (detail::square_root(v) + eps);
      };
      detail::update_elements<S>(tensor.size(), step, tensor.gradient, tensor.values, tensor.state[0]);
    }
  }
};

using rmsprop = basic_rmsprop<false>;
using centered_rmsprop = basic_rmsprop<true>;

}  // namespace typeformer
