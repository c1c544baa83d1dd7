// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/files/file_error.hpp>
#include <typeformer/optimizers/optimizer_state.hpp>
#include <typeformer/parameters/parameters.hpp>

namespace typeformer {

/// The loss over the validation data after `step` updates.
struct evaluated_step {
  std::int64_t step = 0;
  double validation_loss = 0;
};

/// The state of a training run: with it, the recipe and the data, training continues bit for bit.
///
/// The place in the schedule and in the data follow from the number of steps.
template <Model M, Optimizer O> struct training_state {
  parameters<M> values{};
  optimizer_state<M, O> optimizer{};
  std::optional<parameters<M>> average{};
  std::vector<float> memory{};        ///< the model's memory of earlier segments; empty for most models
  std::uint64_t seed = 0;             ///< of dropout
  std::uint64_t last_batch = 0;       ///< `batch_digest` of the last trained batch
  std::vector<double> last_losses{};  ///< of the loss guard's window
  std::vector<evaluated_step> evaluations{};

  /// False if the allocation failed.
  bool available() const { return values.available() && optimizer.available() && (!average || average->available()); }
  /// A new state with the same sizes.
  training_state like_this() const {
    training_state made;
    if (average) made.average.emplace();
    made.memory.resize(memory.size());
    return made;
  }
};

/// The most steps of a run: a checkpoint keeps the steps of its evaluations as doubles.
inline constexpr std::uint64_t most_steps_taken = std::uint64_t{1} << 53;

/// Whether a checkpoint can hold the numbers of taken and requested steps. Both its writer and its reader check this.
[[gnu::cold]] inline result<void, file_error> check_step_counts(const std::string& path, std::uint64_t taken,
                                                                std::uint64_t asked_for) {
  constexpr std::uint64_t most_asked_for = std::numeric_limits<index_type>::max();
  const bool too_many_taken = taken > most_steps_taken;
  if (!too_many_taken && asked_for <= most_asked_for) return {};
  return failure{
      file_error{path,
                 {},
                 std::string(too_many_taken ? "training.steps" : "training.steps_asked_for") + " is too large",
                 "at most " + std::to_string(too_many_taken ? most_steps_taken : most_asked_for),
                 std::to_string(too_many_taken ? taken : asked_for)}};
}

/// Calls `visit(name, extents, data, squares)` for the arrays of floats of a state other than the values, in the order
/// of a file; `squares`: none is negative.
template <Model M, Optimizer O, class State, class Visit> void for_each_moment(State& state, Visit&& visit) {
  const auto visit_all = [&](const std::string& what, auto* data, bool squares) {
    for_each_tensor(layout_of<M>, [&](const parameter_tensor& tensor) {
      const tensor_extents held{tensor};
      const std::span<const index_type> extents = held;
      visit(what + std::string(tensor.name().view()), std::vector<std::int64_t>(extents.begin(), extents.end()),
            data + tensor.offset, squares);
    });
  };
  for (int i = 0; i < O::state_arrays; ++i)
    visit_all("training.state." + std::to_string(i) + ".", state.optimizer.array(i), is_array_of_squares<O>(i));
  if (constexpr index_type size = optimizer_state<M, O>::compact_size; size > 0)
    visit("training.compact_state", std::vector<std::int64_t>{size}, state.optimizer.compact(),
          is_compact_state_of_squares<O>());
  if (state.average) visit_all("training.average.", state.average->data(), false);
  if (!state.memory.empty())
    visit("training.memory", std::vector<std::int64_t>{std::int64_t(state.memory.size())}, state.memory.data(), false);
}

}  // namespace typeformer
