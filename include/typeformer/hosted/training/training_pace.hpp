// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <chrono>

#include <typeformer/hosted/training/training_reports.hpp>

namespace typeformer {

/// The speed of a run: the rates of its steps and the remaining time.
class training_pace {
 public:
  /// `first`: steps taken before; `flops_of_a_token`: forward and backward.
  training_pace(index_type first, double flops_of_a_token, double peak_flops_per_second)
      : first_{first}, flops_of_a_token_{flops_of_a_token}, peak_{peak_flops_per_second} {}

  void begin() { begun_ = clock::now(); }

  void end_evaluation() {
    evaluation_seconds_ += seconds_since(begun_);
    ++evaluations_;
  }
  /// Completes the report of a step.
  void end_step(step_report& report, index_type evaluation_interval) {
    step_seconds_ += seconds_since(begun_);
    tokens_ += double(report.tokens);
    report.tokens_per_second = tokens_per_second();
    report.flops_per_second = report.tokens_per_second * flops_of_a_token_;
    report.utilization = fraction_of_peak(report.flops_per_second);
    report.seconds_left = seconds_left(report, evaluation_interval);
  }
  void end(training_summary& summary) const {
    summary.seconds = seconds_since(start_);
    summary.tokens_per_second = tokens_per_second();
    summary.flops_per_second = summary.tokens_per_second * flops_of_a_token_;
    summary.utilization = fraction_of_peak(summary.flops_per_second);
  }

 private:
  using clock = std::chrono::steady_clock;

  static double seconds_since(clock::time_point then) {
    return std::chrono::duration<double>(clock::now() - then).count();
  }
  double tokens_per_second() const { return step_seconds_ > 0 ? tokens_ / step_seconds_ : 0; }
  double fraction_of_peak(double flops_per_second) const { return peak_ > 0 ? flops_per_second / peak_ : 0; }

  /// At the pace so far. Includes the evaluation after the step, if it is due, and the remaining ones.
  double seconds_left(const step_report& report, index_type interval) const {
    const index_type evaluations = (report.steps + interval - 1) / interval - (report.step - 1) / interval;
    const double of_an_evaluation = evaluations_ > 0 ? evaluation_seconds_ / double(evaluations_) : 0;
    return step_seconds_ / double(report.step - first_) * double(report.steps - report.step) +
           of_an_evaluation * double(evaluations);
  }

  index_type first_;
  double flops_of_a_token_, peak_;
  clock::time_point start_ = clock::now(), begun_ = start_;
  double step_seconds_ = 0, evaluation_seconds_ = 0, tokens_ = 0;
  index_type evaluations_ = 0;
};

}  // namespace typeformer
