// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <chrono>
#include <cmath>
#include <optional>

#include <typeformer/foundation/philox.hpp>
#include <typeformer/hosted/training/training_data.hpp>
#include <typeformer/hosted/training/training_observer.hpp>
#include <typeformer/hosted/training/training_recipe.hpp>
#include <typeformer/objectives/learner.hpp>
#include <typeformer/optimizers/apply.hpp>
#include <typeformer/optimizers/clip_gradients.hpp>
#include <typeformer/parameters/initialise.hpp>

namespace typeformer {

/// Trains a model: parameters, optimizer state and the arenas of learning and scoring.
///
/// Options: `batch<B>` sequences of at most `prompt<T>` tokens in a batch, `on_workers<W>`, a storage policy. The same
/// seed, data and number of workers give the same bits on one machine. Memory: `2 + O::state_arrays` arrays as large as
/// the parameters, and the two planned arenas. Nothing is allocated by a step.
template <Model M, class Objective, Optimizer O, class... Options> class trainer {
 public:
  using model = M;
  using learner_type = learner<M, Objective, float, Options...>;
  using workers_type = workers_option<Options...>;
  static constexpr capacities reserved = learner_type::reserved;

  /// The stream of a seed that initial weights are drawn from; data draws from the streams below.
  static constexpr std::uint64_t initialisation_stream = ~std::uint64_t{0};

  explicit trainer(training_recipe<O> recipe, workers_type workers = {})
      : recipe_{std::move(recipe)}, learner_{workers}, scorer_{workers} {}

  /// Starts from the initial values of the model's family.
  void initialise(std::uint64_t seed) { typeformer::initialise(parameters_, philox{seed, initialisation_stream}); }

  /// The values so far, which may also be set: to go on with a checkpoint, for example.
  parameters<M>& values() { return parameters_; }
  const parameters<M>& values() const { return parameters_; }
  const training_recipe<O>& recipe() const { return recipe_; }
  index steps_taken() const { return index(state_.steps()); }

  /// Takes one step: adds up the gradients of the accumulated batches, clips them and applies the optimizer.
  ///
  /// Errors: no memory; a batch that is larger than the capacities or has no label; a loss or gradient that is not
  /// finite, naming step and tensor. After an error the parameters are as they were.
  template <TrainingData Data> result<step_report, training_error> step(Data& data) {
    if (const auto ready = check(); !ready) return failure{ready.error()};
    const index number = steps_taken();
    std::fill_n(gradients_.data(), gradients_.size(), 0.0f);
    double loss = 0;
    for (index i = 0; i < recipe_.accumulated_batches; ++i) {
      token_batch batch = data.training_batch(std::uint64_t(number * recipe_.accumulated_batches + i));
      const auto labels = labels_of(batch);
      if (!labels) return failure{labels.error()};
      batch.loss_scale = 1 / double(*labels * recipe_.accumulated_batches);
      loss += double(learner_.learn(parameters_.data(), gradients_.data(), batch));
    }
    const std::span<float> gradients{gradients_.data(), std::size_t(gradients_.size())};
    const double norm = recipe_.maximum_gradient_norm > 0 ? clip_gradients(gradients, recipe_.maximum_gradient_norm)
                                                          : global_norm<float>(gradients);
    if (!std::isfinite(loss) || !std::isfinite(norm)) return not_finite(number + 1);
    const double rate = recipe_.learning_rate(number);
    optimizer_step(recipe_.optimizer, parameters_, gradients_.data(), state_, state_.next_step(rate), recipe_.decays);
    return step_report{
        .step = number + 1, .steps = recipe_.steps, .loss = loss, .learning_rate = rate, .gradient_norm = norm};
  }

  /// The mean loss over all labels of the validation data; nothing if `stop()` came true meanwhile.
  template <TrainingData Data, class Stop>
  result<std::optional<double>, training_error> evaluate(Data& data, Stop&& stop) {
    if (const auto ready = check(); !ready) return failure{ready.error()};
    double loss = 0, labelled = 0;
    for (index part = 0; part < data.validation_batches(); ++part) {
      if (stop()) return std::optional<double>{};
      token_batch batch = data.validation_batch(part);
      const auto labels = labels_of(batch);
      if (!labels) return failure{labels.error()};
      batch.loss_scale = 1 / double(*labels);
      loss += scorer_.score(parameters_.data(), batch).loss() * double(*labels);
      labelled += double(*labels);
    }
    return std::optional<double>{loss / labelled};
  }
  template <TrainingData Data> result<double, training_error> evaluate(Data& data) {
    const auto loss = evaluate(data, [] { return false; });
    if (!loss) return failure{loss.error()};
    return **loss;
  }

  /// Takes the steps that are left of the recipe, evaluates before the first, after every interval and after the last,
  /// and tells the observers (see `tell`). Stops after a step when one of them wants that.
  template <TrainingData Data, class... Observers>
  result<training_summary, training_error> run(Data& data, Observers&&... observers) {
    using clock = std::chrono::steady_clock;
    const auto seconds_since = [](clock::time_point then) {
      return std::chrono::duration<double>(clock::now() - then).count();
    };
    const auto stops = [&] { return any_wants_stop(observers...); };
    const clock::time_point start = clock::now();
    const index first = steps_taken();
    training_summary summary;
    double step_seconds = 0, evaluation_seconds = 0, tokens = 0;
    index evaluations = 0;

    const auto evaluate_and_tell = [&]() -> result<void, training_error> {
      const clock::time_point begun = clock::now();
      const auto loss = evaluate(data, stops);
      if (!loss) return failure{loss.error()};
      if (!*loss) return {};
      evaluation_seconds += seconds_since(begun);
      ++evaluations;
      summary.validation_loss = **loss;
      return tell(*this, evaluation_report{steps_taken(), summary.validation_loss}, observers...);
    };

    if (const auto told = evaluate_and_tell(); !told) return failure{told.error()};
    while (steps_taken() < recipe_.steps && !stops()) {
      const clock::time_point begun = clock::now();
      auto report = step(data);
      if (!report) return failure{report.error()};
      step_seconds += seconds_since(begun);
      tokens += double(reserved.batch * reserved.tokens * recipe_.accumulated_batches);
      report->tokens_per_second = summary.tokens_per_second = tokens / step_seconds;
      report->seconds_left = seconds_left(report->step, step_seconds / double(report->step - first),
                                          evaluation_seconds / double(evaluations));
      summary.training_loss = report->loss;
      if (const auto told = tell(*this, *report, observers...); !told) return failure{told.error()};
      if (!stops() && (report->step % recipe_.evaluation_interval == 0 || report->step == recipe_.steps))
        if (const auto told = evaluate_and_tell(); !told) return failure{told.error()};
    }
    summary.steps = steps_taken();
    summary.interrupted = summary.steps < recipe_.steps;
    summary.seconds = seconds_since(start);
    if (const auto told = tell(*this, summary, observers...); !told) return failure{told.error()};
    return summary;
  }

 private:
  using problem = training_error::problem;

  result<void, training_error> check() const {
    if (!parameters_.available() || !gradients_.available() || !state_.available() || !learner_.available() ||
        !scorer_.available())
      return failure{training_error{problem::no_memory, "there is no memory for training"}};
    const char* bad = recipe_.accumulated_batches < 1             ? "accumulated_batches must be at least 1"
                      : recipe_.evaluation_interval < 1           ? "evaluation_interval must be at least 1"
                      : recipe_.steps < 0                         ? "steps must not be negative"
                      : !recipe_.learning_rate || !recipe_.decays ? "learning_rate and decays must not be empty"
                                                                  : nullptr;
    if (bad) return failure{training_error{problem::bad_option, std::string("training recipe: ") + bad}};
    return {};
  }

  /// How many rows have a target, if the batch fits.
  static result<index, training_error> labels_of(const token_batch& batch) {
    bool fits = batch.sequences <= reserved.batch;
    for (index s = 0; fits && s < batch.sequences; ++s) fits = batch.rows_of(s) <= reserved.tokens;
    if (!fits)
      return failure{training_error{problem::bad_option, "the data gives larger batches than the trainer holds: " +
                                                             std::to_string(reserved.batch) + " sequences of " +
                                                             std::to_string(reserved.tokens) + " tokens"}};
    index count = 0;
    for (index row = 0; row < batch.rows; ++row) count += batch.labels[row] != no_label;
    if (count == 0) return failure{training_error{problem::not_enough_data, "a batch has no label"}};
    return count;
  }

  /// At the pace so far. After the step there is its evaluation, if it is due, and those that follow.
  double seconds_left(index step, double of_a_step, double of_an_evaluation) const {
    const index interval = recipe_.evaluation_interval;
    const index evaluations = (recipe_.steps + interval - 1) / interval - (step - 1) / interval;
    return of_a_step * double(recipe_.steps - step) + of_an_evaluation * double(evaluations);
  }

  failure<training_error> not_finite(index step) const {
    std::string text = "step " + std::to_string(step) + ": the loss or its gradient is not finite";
    bool named = false;
    for_each_tensor(layout_of<M>, [&](const parameter_tensor& tensor) {
      const float* const begin = gradients_.of(tensor);
      if (named || std::all_of(begin, begin + tensor.size(), [](float g) { return std::isfinite(g); })) return;
      text += "; the first such gradient is that of " + std::string(tensor.name().view());
      named = true;
    });
    return {{problem::loss_is_not_finite, text}};
  }

  training_recipe<O> recipe_;
  parameters<M> parameters_{}, gradients_{};
  optimizer_state<M, O> state_{};
  learner_type learner_;
  scorer<M, Objective, float, Options...> scorer_;
};

}  // namespace typeformer
