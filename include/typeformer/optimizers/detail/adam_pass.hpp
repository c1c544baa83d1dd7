// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>

#include <typeformer/optimizers/detail/elements.hpp>
#include <typeformer/optimizers/optimizer.hpp>

namespace typeformer::detail {

/// The differences between Adam and AdamW, other than their betas.
struct adam_numbers {
  double beta1, beta2, epsilon;
  double l2;           ///< of the parameter, added to the gradient
  double kept_before;  ///< fraction of the parameter that decay keeps before the step
};

template <bool AMSGrad, class S, int StateArrays>
constexpr void adam_pass(const tensor_update<S, StateArrays>& tensor, const step_context& context,
                         const adam_numbers& n) {
  const double correction1 = 1 - math::pow(n.beta1, double(context.step));
  const double correction2 = 1 - math::pow(n.beta2, double(context.step));
  const S beta1 = S(n.beta1), rest1 = S(1 - n.beta1), beta2 = S(n.beta2), rest2 = S(1 - n.beta2);
  const S epsilon = S(n.epsilon), l2 = S(n.l2), kept = S(n.kept_before);
  const S rate = S(context.learning_rate / correction1), inverse_root = S(1 / math::sqrt(correction2));
  const auto [m_of, v_of] = std::array{tensor.state[0], tensor.state[1]};
  if constexpr (AMSGrad) {
    const auto step = [=](auto g, auto& value, auto& m, auto& v, auto& largest) {
      g = g + l2 * value;
      m = beta1 * m + rest1 * g;
      v = beta2 * v + rest2 * (g * g);
      largest = larger(largest, v);
      value = kept * value - rate * m / (square_root(largest) * inverse_root + epsilon);
    };
    update_elements<S>(tensor.size(), step, tensor.gradient, tensor.values, m_of, v_of, tensor.state[2]);
  } else {
    const auto step = [=](auto g, auto& value, auto& m, auto& v) {
      g = g + l2 * value;
      m = beta1 * m + rest1 * g;
      v = beta2 * v + rest2 * (g * g);
      value = kept * value - rate * m / (square_root(v) * inverse_root + epsilon);
    };
    update_elements<S>(tensor.size(), step, tensor.gradient, tensor.values, m_of, v_of);
  }
}

}  // namespace typeformer::detail
