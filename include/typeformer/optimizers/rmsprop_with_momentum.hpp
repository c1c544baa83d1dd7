// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>

#include <typeformer/optimizers/detail/elements.hpp>
#include <typeformer/optimizers/optimizer.hpp>

namespace typeformer {

/// RMSprop with momentum, as PyTorch's `RMSprop(momentum=…)`; `Centered` as in `basic_rmsprop`.
///
/// g ← g + λ θ;  v ← α v + (1 − α) g²;  b ← μ b + g / (√v + ε);  θ ← θ − η b; centered: √(v − ḡ²) (Graves 2013,
/// equations 38–41, with ε outside the root). State: v, b and, if centered, ḡ.
template <bool Centered> struct basic_rmsprop_with_momentum {
  double momentum = 0.9;
  double smoothing = 0.99;
  double epsilon = 1e-8;
  double weight_decay = 0;

  static constexpr int state_arrays = Centered ? 3 : 2;
  static constexpr unsigned arrays_of_squares = 0b1;
  constexpr auto settings() const {
    return std::array{setting{"momentum", momentum, from_zero_to_below_one},
                      setting{"smoothing", smoothing, from_zero_to_below_one}, setting{"epsilon", epsilon, above_zero},
                      setting{"weight_decay", weight_decay, not_negative}};
  }

  template <class S>
  constexpr void update(const tensor_update<S, state_arrays>& tensor, const step_context& context) const {
    const S alpha = S(smoothing), rest = S(1 - smoothing), eps = S(epsilon), rate = S(context.learning_rate);
    const S l2 = S(tensor.decays ? weight_decay : 0), mu = S(momentum);
    const auto [v_of, buffer_of] = std::array{tensor.state[0], tensor.state[1]};
    if constexpr (Centered) {
      const auto step = [=](auto g, auto& value, auto& v, auto& buffer, auto& mean) {
        g = g + l2 * value;
        v = alpha * v + rest * (g * g);
        mean = alpha * mean + rest * g;
        buffer = mu * buffer + g / (detail::square_root(v - mean * mean) + eps);
        value = value - rate * buffer;
      };
      detail::update_elements<S>(tensor.size(), step, tensor.gradient, tensor.values, v_of, buffer_of, tensor.state[2]);
    } else {
      const auto step = [=](auto g, auto& value, auto& v, auto& buffer) {
        g = g + l2 * value;
        v = alpha * v + rest * (g * g);
        buffer = mu * buffer + g / (detail::square_root(v) + eps);
        value = value - rate * buffer;
      };
      detail::update_elements<S>(tensor.size(), step, tensor.gradient, tensor.values, v_of, buffer_of);
    }
  }
};

using rmsprop_with_momentum = basic_rmsprop_with_momentum<false>;
using centered_rmsprop_with_momentum = basic_rmsprop_with_momentum<true>;

}  // namespace typeformer
