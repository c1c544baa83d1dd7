// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>

#include <typeformer/optimizers/detail/elements.hpp>
#include <typeformer/optimizers/optimizer.hpp>

namespace typeformer {

/// LAMB, as in cybertronai's `pytorch_lamb`: Adam's step for a tensor, scaled to the norm of the tensor times the
/// learning rate.
///
/// m ← β₁ m + (1 − β₁) g;  v ← β₂ v + (1 − β₂) g²;  u = m / (√v + ε) + λ θ;  θ ← θ − η φ(‖θ‖) / ‖u‖ · u, with
/// φ(z) = min(z, `largest_norm`), and ratio 1 when either norm is 0 (You et al. 2020, algorithm 2). Like version 3 of
/// the paper and unlike its last, the moments are not bias-corrected. Norms are those of a whole tensor. State: m, v.
/// Cost: two passes.
struct lamb {
  double beta1 = 0.9, beta2 = 0.999;
  double epsilon = 1e-6;
  double weight_decay = 0;
  double largest_norm = 10;

  static constexpr int state_arrays = 2;
  static constexpr unsigned arrays_of_squares = 0b10;
  constexpr auto settings() const {
    return std::array{setting{"beta1", beta1, from_zero_to_below_one}, setting{"beta2", beta2, from_zero_to_below_one},
                      setting{"epsilon", epsilon, above_zero}, setting{"weight_decay", weight_decay, not_negative},
                      setting{"largest_norm", largest_norm, above_zero}};
  }

  template <class S>
  constexpr void update(const tensor_update<S, state_arrays>& tensor, const step_context& context) const {
    const S b1 = S(beta1), rest1 = S(1 - beta1), b2 = S(beta2), rest2 = S(1 - beta2), eps = S(epsilon);
    const S decay = S(tensor.decays ? weight_decay : 0);
    const auto direction = [=](auto value, auto m, auto v) {
      return m / (detail::square_root(v) + eps) + decay * value;
    };
    const auto moments = [=](auto g, auto value, auto& m, auto& v) {
      m = b1 * m + rest1 * g;
      v = b2 * v + rest2 * (g * g);
      const auto u = direction(value, m, v);
      return u * u;
    };
    const S* const values = tensor.values;
    const double step_norm = math::sqrt(detail::accumulate_elements<S>(tensor.size(), moments, tensor.gradient, values,
                                                                       tensor.state[0], tensor.state[1]));
    const double norm = math::sqrt(detail::sum_of_squares(tensor.size(), values));
    const double scale = norm < largest_norm ? norm : largest_norm;
    const S rate = S(context.learning_rate * (scale == 0 || step_norm == 0 ? 1 : scale / step_norm));
    const auto step = [=](auto m, auto v, auto& value) { value = value - rate * direction(value, m, v); };
    const S *const m_of = tensor.state[0], *const v_of = tensor.state[1];
    detail::update_elements<S>(tensor.size(), step, m_of, v_of, tensor.values);
  }
};

}  // namespace typeformer
