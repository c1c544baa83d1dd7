// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <limits>

#include <typeformer/foundation/result.hpp>
#include <typeformer/foundation/setting.hpp>
#include <typeformer/hosted/setting_message.hpp>
#include <typeformer/hosted/training/training_reports.hpp>
#include <typeformer/hosted/training_error.hpp>

namespace typeformer {

/// An observer that stops training after `patience` evaluations in a row that have not improved the best validation
/// loss by more than `least_improvement`.
///
/// It considers all evaluations of the run, also those before it was resumed.
class early_stop {
 public:
  explicit early_stop(index_type patience, double least_improvement = 0)
      : patience_{patience}, least_improvement_{least_improvement} {}

  auto settings() const {
    constexpr double most = std::numeric_limits<double>::max();
    return std::array{setting{"patience", patience_, at_least_one},
                      setting{"least_improvement", least_improvement_, {0, most}}};
  }

  /// Errors: a patience below 1; a least improvement that is negative or not a number.
  template <class Trainer> result<void, training_error> on_start(const Trainer& trainer) {
    judge(trainer);
    return check_settings(*this, "early stop");
  }
  template <class Trainer>
  result<void, training_error> on_evaluation(const Trainer& trainer, const evaluation_report&) {
    judge(trainer);
    return {};
  }
  bool wants_stop() const { return waited_ > 0 && waited_ >= patience_; }

  /// The step with the best validation loss; -1 before any evaluation.
  index_type best_step() const { return best_step_; }
  double best_loss() const { return best_loss_; }

 private:
  template <class Trainer> void judge(const Trainer& trainer) {
    best_step_ = -1;
    waited_ = 0;
    for (const auto& evaluation : trainer.evaluations()) {
      if (best_step_ < 0 || evaluation.validation_loss < best_loss_ - least_improvement_) {
        best_step_ = index_type(evaluation.step);
        best_loss_ = evaluation.validation_loss;
        waited_ = 0;
      } else {
        ++waited_;
      }
    }
  }

  index_type patience_;
  double least_improvement_;
  index_type best_step_ = -1, waited_ = 0;
  double best_loss_ = 0;
};

}  // namespace typeformer
