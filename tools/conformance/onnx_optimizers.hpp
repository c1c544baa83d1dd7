// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>

#include <typeformer/optimizers/adagrad.hpp>
#include <typeformer/optimizers/hf_adamw.hpp>
#include <typeformer/optimizers/sgd_with_momentum.hpp>

#include "onnx_case.hpp"

// ONNX's optimizers by the library's: one step from a given state. ONNX counts steps from 0.
namespace typeformer::conformance {

/// Every tensor of the node: values, gradients, then the arrays of state, each for all tensors.
template <Optimizer O> void run_onnx_step(onnx_case& c, const O& optimizer, std::int64_t step, double rate, double l2) {
  constexpr unsigned arrays = static_cast<unsigned>(O::state_arrays);
  const unsigned count = (c.inputs() - 2) / (2 + arrays);
  for (unsigned t = 0; t < count; ++t) {
    auto values = c.get(2 + t), gradient = c.get(2 + count + t);
    if (gradient.shape != values.shape) throw wrong_case("a gradient of another shape than its tensor");
    for (std::size_t i = 0; i < values.values.size(); ++i)
      gradient.values[i] += static_cast<float>(l2) * values.values[i];
    std::array<given_tensor<float>, arrays> state;
    for (unsigned a = 0; a < arrays; ++a) state[a] = c.get(2 + (2 + a) * count + t);
    const std::vector<index_type> extents(values.shape.begin(), values.shape.end());
    tensor_update<float, O::state_arrays> update{.values = values.values.data(),
                                                 .gradient = gradient.values.data(),
                                                 .state = {},
                                                 .shape = extents,
                                                 .compact_state = nullptr};
    for (unsigned a = 0; a < arrays; ++a) {
      if (state[a].shape != values.shape) throw wrong_case("a state of another shape than its tensor");
      update.state[a] = state[a].values.data();
    }
    optimizer.update(update, step_context{step, rate});
    c.put(t, values.shape, values.values);
    for (unsigned a = 0; a < arrays; ++a) c.put((1 + a) * count + t, values.shape, state[a].values);
  }
}

/// Its epsilon is not bias-corrected and there is no correction in step 0: the order of Hugging Face's AdamW.
inline void compute_onnx_adam(onnx_case& c) {
  attributes& a = c.attribute();
  const double rate = c.get_number(0);
  const std::int64_t step = c.get_integers(1).values.at(0);
  run_onnx_step(c,
                hf_adamw{.beta1 = a.number("alpha", 0.9),
                         .beta2 = a.number("beta", 0.999),
                         .epsilon = a.number("epsilon", 1e-6),
                         .weight_decay = a.number("norm_coefficient_post", 0) / rate,
                         .correct_bias = step > 0},
                step, rate, a.number("norm_coefficient", 0));
}

inline void compute_onnx_adagrad(onnx_case& c) {
  attributes& a = c.attribute();
  const double rate = c.get_number(0);
  run_onnx_step(c, adagrad{.rate_decay = a.number("decay_factor", 0), .epsilon = a.number("epsilon", 1e-6)},
                c.get_integers(1).values.at(0) + 1, rate, a.number("norm_coefficient", 0));
}

inline void compute_onnx_momentum(onnx_case& c) {
  attributes& a = c.attribute();
  const double rate = c.get_number(0);
  const std::string mode = a.text("mode", "standard");
  if (mode != "standard" && mode != "nesterov") throw not_supported("mode = " + mode);
  run_onnx_step(c,
                sgd_with_momentum{
                    .momentum = a.number("alpha"), .dampening = 1 - a.number("beta"), .nesterov = mode == "nesterov"},
                c.get_integers(1).values.at(0) + 1, rate, a.number("norm_coefficient"));
}

}  // namespace typeformer::conformance
