// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>

#include <typeformer/optimizers/detail/elements.hpp>
#include <typeformer/optimizers/optimizer.hpp>

namespace typeformer {

/// Stochastic gradient descent with an L2 penalty, as PyTorch's `SGD` without momentum. It has no state.
///
/// θ ← θ − η (g + λ θ) (Robbins, Monro 1951).
struct sgd {
  double weight_decay = 0;

  static constexpr int state_arrays = 0;
  constexpr auto settings() const { return std::array{setting{"weight_decay", weight_decay, not_negative}}; }

  template <class S>
  constexpr void update(const tensor_update<S, state_arrays>& tensor, const step_context& context) const {
    const S l2 = S(tensor.decays ? weight_decay : 0), rate = S(context.learning_rate);
    const auto step = [=](auto g, auto& value) { value = value - rate * (g + l2 * value); };
    detail::update_elements<S>(tensor.size(), step, tensor.gradient, tensor.values);
  }
};

}  // namespace typeformer
