// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <typeformer/optimizers/optimizer_state.hpp>
#include <typeformer/parameters/parameters.hpp>

namespace typeformer {

/// The loss over the validation data after `step` updates.
struct evaluated_step {
  std::int64_t step = 0;
  double validation_loss = 0;
};

/// All that a training run has become: with it, the recipe and the data, training goes on bit for bit.
///
/// The place in the schedule and in the data follow from the number of steps.
template <Model M, Optimizer O> struct training_state {
  parameters<M> values{};
  optimizer_state<M, O> optimizer{};
  std::optional<parameters<M>> average{};
  std::vector<float> memory{};       ///< what the model remembers of earlier segments; empty for most models
  std::uint64_t seed = 0;            ///< of what dropout draws
  std::uint64_t last_batch = 0;      ///< `batch_digest` of the batch learned from last
  std::vector<double> last_losses{};  ///< of the loss guard's window
  std::vector<evaluated_step> evaluations{};

  /// False when there was no memory.
  bool available() const {
    return values.available() && optimizer.available() && (!average || average->available());
  }
};

/// Calls `visit(name, extents, data)` for the arrays of floats of a state beside the values, in the order of a file.
template <Model M, Optimizer O, class State, class Visit> void for_each_moment(State& state, Visit&& visit) {
  const auto visit_all = [&](const std::string& what, auto* data) {
    for_each_tensor(layout_of<M>, [&](const parameter_tensor& tensor) {
      const tensor_extents held{tensor};
      const std::span<const index> extents = held;
      visit(what + std::string(tensor.name().view()), std::vector<std::int64_t>(extents.begin(), extents.end()),
            data + tensor.offset);
    });
  };
  for (int i = 0; i < O::state_arrays; ++i)
    visit_all("training.state." + std::to_string(i) + ".", state.optimizer.array(i));
  if (constexpr index size = optimizer_state<M, O>::compact_size; size > 0)
    visit("training.compact_state", std::vector<std::int64_t>{size}, state.optimizer.compact());
  if (state.average) visit_all("training.average.", state.average->data());
  if (!state.memory.empty())
    visit("training.memory", std::vector<std::int64_t>{std::int64_t(state.memory.size())}, state.memory.data());
}

}  // namespace typeformer
