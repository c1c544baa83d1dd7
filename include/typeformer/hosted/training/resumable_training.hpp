// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <typeformer/execution/all.hpp>
#include <typeformer/foundation/precondition.hpp>
#include <typeformer/hosted/data/training_data.hpp>
#include <typeformer/hosted/training/accumulate_batches.hpp>
#include <typeformer/hosted/training/batch_digest.hpp>
#include <typeformer/hosted/training/batch_preparation.hpp>
#include <typeformer/hosted/training/check_recipe.hpp>
#include <typeformer/hosted/training/kept_checkpoint.hpp>
#include <typeformer/hosted/training/not_finite.hpp>
#include <typeformer/hosted/training/resumed_checkpoint.hpp>
#include <typeformer/hosted/training/training_checkpoint.hpp>
#include <typeformer/objectives/training_pass.hpp>
#include <typeformer/parameters/initialize.hpp>

namespace typeformer::detail {

/// The contents and the progress of a trainer: recipe, parameters, optimizer state and passes, and how they are kept in
/// a checkpoint.
template <class M, class Objective, class O, class... Options> class resumable_training {
 public:
  using model = M;
  using objective = Objective;
  using training_pass_type = training_pass<M, Objective, Options...>;
  using workers_type = workers_option<Options...>;
  static constexpr capacities reserved = training_pass_type::reserved;
  static constexpr bool has_memory = segment_memory_of<M> > 0;

  /// The stream of a seed from which initial weights are drawn. The streams of the data are far below it.
  static constexpr std::uint64_t initialization_stream = ~std::uint64_t{0};

  explicit resumable_training(training_recipe<O> recipe, workers_type workers = {})
      : recipe_{std::move(recipe)},
        recipe_is_right_{check_recipe(recipe_)},
        training_pass_{workers},
        loss_pass_{workers} {
    if (!recipe_is_right_) return;
    if (recipe_.average) state_.average.emplace();
    if (recipe_.guard.window > 0) state_.last_losses.reserve(std::size_t(recipe_.guard.window));
    if (training_pass_.available())
      state_.memory.assign(training_pass_.memory().begin(), training_pass_.memory().end());
  }

  /// Starts from the initial values of the model's family. Dropout draws from the same seed.
  void initialize(std::uint64_t seed) {
    typeformer::initialize(state_.values, philox{seed, initialization_stream});
    state_.seed = seed;
  }

  /// The current values. They may also be set, for example to start from those of a file.
  parameters<M>& values() { return state_.values; }
  const parameters<M>& values() const { return state_.values; }
  /// Precondition: the recipe has an average.
  const parameters<M>& average() const {
    TYPEFORMER_PRECONDITION(state_.average.has_value());
    return *state_.average;
  }
  const optimizer_state<M, O>& moments() const { return state_.optimizer; }
  const training_recipe<O>& recipe() const { return recipe_; }
  index_type steps_taken() const { return index_type(state_.optimizer.steps()); }
  /// The evaluations of `run` so far, also before the run was resumed.
  const std::vector<evaluated_step>& evaluations() const { return state_.evaluations; }

  /// Saves everything that is needed to continue bit for bit. `path` ends in `.safetensors`, and the file is whole at
  /// any time.
  ///
  /// Errors: a file that cannot be written; a number that is not finite (the old file stays); a recipe out of range.
  result<void, training_error> save_checkpoint(const std::string& path) const {
    if (const auto ready = check(); !ready) return ready;
    if (const std::string bad = first_not_finite(state_); !bad.empty())
      return failure{training_error{problem::value_is_not_finite, "after step " + std::to_string(steps_taken()) + ": " +
                                                                      bad + " has a number that is not finite, " +
                                                                      printable(path) + " is not written; " +
                                                                      good_.text()}};
    const auto facts = recipe_facts<M, Objective>(recipe_, reserved, recipe_.steps, steps_taken());
    if (const auto written = write_training_checkpoint(path, state_, recipe_.steps, facts); !written)
      return failure{training_error{problem::file, written.error().message()}};
    good_ = {path, steps_taken()};
    return {};
  }

  /// Continues from a checkpoint. The data must be those of the earlier steps; the next step checks that.
  ///
  /// Errors name what differs and change nothing: a file that was not written by such a run, a number in it that is not
  /// finite or out of range, a recipe that would give other bits. Needs a second state while it reads. Limits that only
  /// end training (steps, guard) and the interval of evaluations may differ.
  result<void, training_error> resume(const std::string& path) {
    if (const auto ready = check(); !ready) return ready;
    const auto rejected = [](const file_error& error) {
      return failure{training_error{problem::file, error.message()}};
    };
    const auto file = resumed_checkpoint::open(path);
    if (!file) return rejected(file.error());
    const auto facts = recipe_facts<M, Objective>(recipe_, reserved, file->steps_asked_for(), file->steps());
    if (const auto read = file->read_whole(state_, facts, recipe_.accumulated_batches); !read)
      return rejected(read.error());
    make_room_for_losses(0);
    good_ = {path, steps_taken()};
    data_are_known_ = false;
    return {};
  }

 protected:
  using problem = training_error::problem;

  static failure<training_error> no_memory() { return {{problem::no_memory, "there is no memory for training"}}; }

  result<void, training_error> check() const {
    if (!recipe_is_right_) return recipe_is_right_;
    if (!state_.available() || !gradients_.available() || !training_pass_.available() || !loss_pass_.available())
      return no_memory();
    return {};
  }

  template <class Data> result<counted_batch<Objective>, training_error> training_batch(Data& data, index_type number) {
    auto batch = training_batch_of(data, std::uint64_t(number));
    if (!batch) return failure{batch.error()};
    const auto labels = preparation_.for_training(*batch, state_.seed, number);
    if (!labels) return failure{labels.error()};
    return counted_batch<Objective>{*batch, *labels};
  }

  /// Sets the gradients to those of the next step's batches.
  template <class Data> result<learned_batches, training_error> learn_batches(Data& data) {
    std::fill_n(gradients_.data(), gradients_.size(), 0.0f);
    if constexpr (has_memory) std::copy(state_.memory.begin(), state_.memory.end(), training_pass_.memory().begin());
    return accumulate_batches<Objective>(
        steps_taken() * recipe_.accumulated_batches, recipe_.accumulated_batches, has_memory,
        [&](index_type number) { return training_batch(data, number); },
        [&](const token_batch& batch) { return training_pass_.run(state_.values.data(), gradients_.data(), batch); });
  }

  /// After `resume`: whether the data return the last trained batch again.
  template <class Data> result<void, training_error> check_data(Data& data) {
    if (data_are_known_ || steps_taken() == 0) return {};
    const index_type last = steps_taken() * recipe_.accumulated_batches - 1;
    const auto batch = training_batch(data, last);
    if (!batch) return failure{batch.error()};
    if (batch_digest(batch->batch) != state_.last_batch)
      return failure{training_error{problem::other_data, printable(good_.path) +
                                                             ": the run that it continues had other data: batch " +
                                                             std::to_string(last) + " differs"}};
    data_are_known_ = true;
    return {};
  }

  /// Makes room for `more` in the window of losses.
  void make_room_for_losses(index_type more) {
    auto& losses = state_.last_losses;
    const index_type superfluous = index_type(losses.size()) + more - std::max(more, recipe_.guard.window);
    if (superfluous > 0) losses.erase(losses.begin(), losses.begin() + superfluous);
  }

  std::string in_step() const { return "step " + std::to_string(steps_taken() + 1) + ": "; }
  failure<training_error> not_finite() const {
    std::string text = in_step() + "the loss or its gradient is not finite";
    if (const std::string value = first_not_finite(layout_of<M>, state_.values.data()); !value.empty())
      text += "; the first parameter that is not finite is in " + value;
    if (const std::string gradient = first_not_finite(layout_of<M>, gradients_.data()); !gradient.empty())
      text += "; the first such gradient is that of " + gradient;
    return {{problem::loss_is_not_finite, text + "; " + good_.text()}};
  }

  training_recipe<O> recipe_;
  result<void, training_error> recipe_is_right_;
  training_state<M, O> state_{};
  parameters<M> gradients_{};
  training_pass_type training_pass_;
  loss_pass<M, Objective, Options...> loss_pass_;
  batch_preparation<Objective> preparation_{training_pass_type::limits};
  mutable kept_checkpoint good_{};  // kept by observers, who see a const trainer
  bool data_are_known_ = true;
};

}  // namespace typeformer::detail
