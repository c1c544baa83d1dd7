// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <typeformer/execution/all.hpp>
#include <typeformer/foundation/is_finite.hpp>
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
#include <typeformer/hosted/training/training_observer.hpp>
#include <typeformer/hosted/training/training_pace.hpp>
#include <typeformer/hosted/training/validation.hpp>
#include <typeformer/inspection/flops.hpp>
#include <typeformer/objectives/training_pass.hpp>
#include <typeformer/optimizers/apply.hpp>
#include <typeformer/optimizers/clip_gradients.hpp>
#include <typeformer/parameters/initialize.hpp>

namespace typeformer {

/// Trains a model: parameters, optimizer state and the arenas of learning and scoring.
///
/// Options: `batch<B>` sequences of at most `tokens<T>` tokens, `on_workers<W>`, a storage policy. The same seed, data and
/// number of workers give the same bits on one machine, interrupted or not. Memory: `2 + O::state_arrays` arrays as large as
/// the parameters, one more for an average, and the two planned arenas. A step allocates nothing.
template <class M, class Objective, class O, class... Options>
  requires fits_together<checked_model<M>> && fits_together<checked_file_names<M>> &&
           fits_together<checked_optimizer<O>> && fits_together<objective_for<Objective, M>> &&
           fits_together<checked_use<executed<training_with<Objective, Options...>, Options...>, M>>
class trainer {
 public:
  using model = M;
  using objective = Objective;
  using training_pass_type = training_pass<M, Objective, Options...>;
  using workers_type = workers_option<Options...>;
  static constexpr capacities reserved = training_pass_type::reserved;
  static constexpr bool has_memory = segment_memory_of<M> > 0;

  /// The stream of a seed that initial weights are drawn from; data draws from the streams far below.
  static constexpr std::uint64_t initialization_stream = ~std::uint64_t{0};

  explicit trainer(training_recipe<O> recipe, workers_type workers = {})
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

  /// Starts from the initial values of the model's family; dropout draws from the same seed.
  void initialize(std::uint64_t seed) {
    typeformer::initialize(state_.values, philox{seed, initialization_stream});
    state_.seed = seed;
  }

  /// The values so far, which may also be set: to start from those of a file, for example.
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
  /// What `run` found in the validation data so far, also before the run was resumed.
  const std::vector<evaluated_step>& evaluations() const { return state_.evaluations; }

  /// Keeps all that it takes to go on bit for bit; `path` ends in `.safetensors` and is whole at any time.
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

  /// Goes on from a checkpoint. The data must be those that it has learned from; the next step sees to that.
  ///
  /// A file that was not written by such a run, a number in it that is not finite or out of range, or a recipe that
  /// would give other bits, is an error that names what differs, and changes nothing. Needs a second state while it
  /// reads. Limits that only end training (steps, guard) and the interval of evaluations may differ.
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

  /// Takes one step: adds up the gradients of the accumulated batches, clips them and applies the optimizer.
  ///
  /// The loss and its gradient are the mean over the labels of all these batches, for each part of the objective its
  /// own; a batch without a label adds nothing. With more than one batch the data are asked for each twice.
  ///
  /// Errors: a setting of the recipe out of its range; no memory; a batch that the model or the capacities do not hold,
  /// with sequence, row, value and limit; no label at all; a loss or gradient that is not finite, naming step, tensor
  /// and the last good checkpoint; a loss that the guard calls a spike; after `resume`, other data. After these all is as
  /// it was. A learning rate that takes values out of single precision is an error, too, and loses them.
  template <TrainingData Data> result<step_report, training_error> step(Data& data) {
    if (const auto ready = check(); !ready) return failure{ready.error()};
    if (const auto same = check_data(data); !same) return failure{same.error()};
    const index_type number = steps_taken();
    const auto settings = settings_of_step(recipe_, number);
    if (!settings) return failure{settings.error()};
    const auto learned = learn_batches(data);
    if (!learned) return failure{training_error{learned.error().what, in_step() + learned.error().message()}};
    const auto& [loss, tokens, digest] = *learned;
    for_each_tensor(layout_of<M>, [&](const parameter_tensor& tensor) {
      if (!recipe_.trains(tensor)) std::fill_n(gradients_.of(tensor), tensor.size(), 0.0f);
    });
    const std::span<float> gradients{gradients_.data(), std::size_t(gradients_.size())};
    const double norm = global_norm<float>(gradients), most = recipe_.maximum_gradient_norm;
    if (!is_finite(loss) || !is_finite(norm)) return not_finite();
    if (const std::string spike = recipe_.guard.spike(state_.last_losses, loss); !spike.empty())
      return failure{training_error{problem::loss_spike, in_step() + spike + "; " + good_.text()}};
    if (most > 0 && norm + 1e-6 > most) clip_gradients(gradients, most);
    optimizer_step(recipe_.optimizer, state_.values, gradients_.data(), state_.optimizer,
                   state_.optimizer.next_step(settings->learning_rate), recipe_.decays, recipe_.trains);
    if (const std::string bad = first_not_finite(layout_of<M>, state_.values.data()); !bad.empty())
      return failure{training_error{problem::value_is_not_finite,
                                    "step " + std::to_string(number + 1) + ": learning rate " +
                                        exact_text(settings->learning_rate) + " took " + bad +
                                        " out of single precision, its values are lost; " + good_.text()}};
    if (state_.average)
      average_weights(recipe_.average, state_.values.size(), state_.values.data(), state_.average->data(), number + 1);
    if constexpr (has_memory)
      std::copy(training_pass_.memory().begin(), training_pass_.memory().end(), state_.memory.begin());
    state_.last_batch = digest;
    if (recipe_.guard.window > 0) {
      make_room_for_losses(1);
      state_.last_losses.push_back(loss);
    }
    return step_report{.step = number + 1,
                       .steps = recipe_.steps,
                       .tokens = tokens,
                       .loss = loss,
                       .learning_rate = settings->learning_rate,
                       .gradient_norm = norm};
  }

  /// What every part of the objective finds in the validation data; nothing if `stop()` came true meanwhile.
  template <TrainingData Data, class Stop>
  result<std::optional<evaluation_report>, training_error> evaluate(Data& data, Stop&& stop) {
    if (const auto ready = check(); !ready) return failure{ready.error()};
    auto report = validate(
        data, preparation_, [&](const token_batch& batch) { return loss_pass_.run(state_.values.data(), batch); },
        stop);
    if (report && *report) (*report)->step = steps_taken();
    return report;
  }
  template <TrainingData Data> result<evaluation_report, training_error> evaluate(Data& data) {
    const auto report = evaluate(data, [] { return false; });
    if (!report) return failure{report.error()};
    return **report;
  }

  /// Takes the steps that are left of the recipe, evaluates before the first, after every interval and after the last,
  /// and tells the observers (see `tell`). Stops after a step when one of them wants that; what the last step made is
  /// evaluated all the same.
  template <TrainingData Data, class... Observers>
  result<training_summary, training_error> run(Data& data, Observers&&... observers) {
    if (const auto ready = check(); !ready) return failure{ready.error()};
    if (const auto same = check_data(data); !same) return failure{same.error()};
    const auto stops = [&] { return any_wants_stop(observers...); };
    training_pace pace{steps_taken(), double(training_flops) / double(reserved.batch * reserved.tokens),
                       recipe_.peak_flops_per_second};
    training_summary summary;
    if (!state_.evaluations.empty()) summary.validation_loss = state_.evaluations.back().validation_loss;

    const auto evaluate_if_due = [&]() -> result<void, training_error> {
      const index_type step = steps_taken();
      const bool is_due = step % recipe_.evaluation_interval == 0 || step >= recipe_.steps;
      if (!is_due || (!state_.evaluations.empty() && state_.evaluations.back().step == step)) return {};
      pace.begin();
      const auto report = evaluate(data, [&] { return step < recipe_.steps && stops(); });
      if (!report) return failure{report.error()};
      if (!*report) return {};
      pace.end_evaluation();
      summary.validation_loss = (*report)->validation_loss;
      state_.evaluations.push_back({step, summary.validation_loss});
      return tell(*this, **report, observers...);
    };

    tell_start(*this, observers...);
    if (const auto told = evaluate_if_due(); !told) return failure{told.error()};
    while (steps_taken() < recipe_.steps && !stops()) {
      pace.begin();
      auto report = step(data);
      if (!report) return failure{report.error()};
      pace.end_step(*report, recipe_.evaluation_interval);
      summary.training_loss = report->loss;
      if (const auto told = tell(*this, *report, observers...); !told) return failure{told.error()};
      if (steps_taken() < recipe_.steps && stops()) break;
      if (const auto told = evaluate_if_due(); !told) return failure{told.error()};
    }
    summary.steps = steps_taken();
    summary.interrupted = summary.steps < recipe_.steps || stops();
    pace.end(summary);
    if (const auto told = tell(*this, summary, observers...); !told) return failure{told.error()};
    return summary;
  }

 private:
  using problem = training_error::problem;

  static constexpr std::int64_t training_flops = flops<M, training_with<Objective, Options...>>;

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

  /// After `resume`: whether the data give the batch again that was learned from last.
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
  mutable kept_checkpoint good_{};  // what observers, who see a const trainer, have kept
  bool data_are_known_ = true;
};

}  // namespace typeformer
