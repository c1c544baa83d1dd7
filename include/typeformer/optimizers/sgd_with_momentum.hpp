// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>

#include <typeformer/optimizers/detail/elements.hpp>
#include <typeformer/optimizers/optimizer.hpp>

namespace typeformer {

/// Stochastic gradient descent with momentum, as PyTorch's `SGD`.
///
/// g ← g + λ θ;  b ← μ b + (1 − τ) g, but b ← g in step 1;  θ ← θ − η b, with Nesterov θ ← θ − η (g + μ b) (Sutskever
/// et al. 2013, equations 1–4, in PyTorch's form: η multiplies the momentum too; τ is the dampening). State: b.
struct sgd_with_momentum {
  double momentum = 0.9;
  double dampening = 0;
  bool nesterov = false;
  double weight_decay = 0;

  static constexpr int state_arrays = 1;
  constexpr auto settings() const {
    return std::array{setting{"momentum", momentum, from_zero_to_below_one},
                      setting{"dampening", dampening, from_zero_to_one},
                      setting{"weight_decay", weight_decay, not_negative}};
  }

  template <class S>
  constexpr void update(const tensor_update<S, state_arrays>& tensor, const step_context& context) const {
    const S l2 = S(tensor.decays ? weight_decay : 0), rate = S(context.learning_rate), mu = S(momentum);
    const S fresh = S(context.step == 1 ? 1 : 1 - dampening);
    const S from_gradient = S(nesterov ? 1 : 0), from_buffer = S(nesterov ? momentum : 1);
    const auto step = [=](auto g, auto& value, auto& buffer) {
      g = g + l2 * value;
      buffer = mu * buffer + fresh * g;
      value = value - rate * (from_gradient * g + from_buffer * buffer);
    };
    detail::update_elements<S>(tensor.size(), step, tensor.gradient, tensor.values, tensor.state[0]);
  }
};

}  // namespace typeformer
