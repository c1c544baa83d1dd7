// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <span>

#include <typeformer/optimizers/detail/elements.hpp>

namespace typeformer {

/// ‖g‖₂ over all elements: squares are exact and added in double, so nothing overflows or drowns.
template <class S> constexpr double global_norm(std::span<const S> gradients) {
  return math::sqrt(detail::sum_of_squares(index_type(gradients.size()), gradients.data()));
}

/// Shortens the gradient of the whole model to the norm `maximum`, and gives its norm before.
///
/// g ← g · min(1, maximum / (‖g‖₂ + 10⁻⁶)) (Pascanu, Mikolov, Bengio 2013, algorithm 1, as PyTorch's
/// `clip_grad_norm_`). A norm that is not finite leaves no usable gradient: do not step. Cost: one pass, two when it
/// clips.
template <class S> constexpr double clip_gradients(std::span<S> gradients, double maximum) {
  const double norm = global_norm<S>(gradients);
  const double factor = maximum / (norm + 1e-6);
  if (!(factor >= 1)) {
    const S scale = S(factor);
    detail::update_elements<S>(
        index_type(gradients.size()), [=](auto& g) { g = g * scale; }, gradients.data());
  }
  return norm;
}

}  // namespace typeformer
