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
#include <typeformer/hosted/data/training_data.hpp>
#include <typeformer/hosted/training/check_recipe.hpp>
#include <typeformer/hosted/training/not_finite.hpp>
#include <typeformer/hosted/training/resumable_training.hpp>
#include <typeformer/hosted/training/training_observer.hpp>
#include <typeformer/hosted/training/training_pace.hpp>
#include <typeformer/hosted/training/validation.hpp>
#include <typeformer/inspection/flops.hpp>
#include <typeformer/objectives/training_pass.hpp>
#include <typeformer/optimizers/apply.hpp>
#include <typeformer/optimizers/clip_gradients.hpp>

namespace typeformer {

/// Trains a model: parameters, optimizer state and the arenas of training and scoring.
///
/// Options: `batch<B>` sequences of at most `tokens<T>` tokens, `on_workers<W>`, a storage policy. The same seed, data
/// and number of workers give the same bits on one machine, interrupted or not. Memory: `2 + O::state_arrays` arrays as
/// large as the parameters, one more for an average, and the two planned arenas. A step allocates nothing.
template <class M, class Objective, class O, class... Options>
  requires fits_together<checked_model<M>> && fits_together<checked_file_names<M>> &&
           fits_together<checked_optimizer<O>> && fits_together<objective_for<Objective, M>> &&
           fits_together<checked_use<executed<training_with<Objective, Options...>, Options...>, M>> &&
           fits_together<checked_flops<M, training_with<Objective, Options...>>>
class trainer : public detail::resumable_training<M, Objective, O, Options...> {
  using training = detail::resumable_training<M, Objective, O, Options...>;
  using problem = training_error::problem;
  using training::check, training::check_data, training::learn_batches, training::make_room_for_losses;
  using training::in_step, training::not_finite;
  using training::preparation_, training::good_;
  using training::recipe_, training::state_, training::gradients_, training::training_pass_, training::loss_pass_;

 public:
  using training::has_memory, training::reserved, training::steps_taken;
  using training::training;

  /// Takes one step: accumulates the gradients of the batches, clips them and applies the optimizer.
  ///
  /// The loss and its gradient are the mean over the labels of all these batches, separately for each part of the
  /// objective. A batch without a label adds nothing. With more than one batch each is requested twice.
  ///
  /// Errors: a setting of the recipe out of its range; no memory; a batch that does not fit the model or the
  /// capacities, with sequence, row, value and limit; no label at all; a loss or gradient that is not finite, naming
  /// step, tensor and the last good checkpoint; a loss that the guard calls a spike; after `resume`, other data. After
  /// these errors nothing has changed. A learning rate that takes values out of single precision is an error, too, and
  /// loses them.
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

  /// The findings of every part of the objective on the validation data; nothing if `stop()` became true meanwhile.
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

  /// Takes the remaining steps of the recipe, evaluates before the first, after every interval and after the last, and
  /// notifies the observers (see `tell`). Stops after a step if one of them wants that; the result of the last step is
  /// evaluated nevertheless.
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

    if (const auto told = tell_start(*this, observers...); !told) return failure{told.error()};
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
  static constexpr std::int64_t training_flops = flops<M, training_with<Objective, Options...>>;
};

}  // namespace typeformer
