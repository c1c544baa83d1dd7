// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <span>

#include <typeformer/optimizers/detail/elements.hpp>

namespace typeformer {

/// ‖g‖₂ over all elements. Squares are exact and added in double, so nothing overflows or underflows.
template <class S> constexpr double global_norm(std::span<const S> gradients) {
  return math::sqrt(detail::sum_of_squares(index_type(gradients.size()), gradients.data()));
}

/// Scales the gradient of the whole model so that its norm is at most `maximum`. Returns the norm before.
///
/// g ← g · min(1, maximum / (‖g‖₂ + 10⁻⁶)) (Pascanu, Mikolov, Bengio 2013, algorithm 1, as PyTorch's
/// `clip_grad_norm_`). If the norm is not finite, the gradient is unusable: do not step. Cost: one pass, or two if it
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
