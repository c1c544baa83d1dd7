// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/foundation/philox.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/foundation/uniform_below.hpp>
#include <typeformer/hosted/training/detail/scaling_least_squares.hpp>
#include <typeformer/hosted/training/finished_run.hpp>
#include <typeformer/hosted/training_error.hpp>
#include <typeformer/inspection/scaling_law.hpp>

namespace typeformer {

/// The numbers between which nine tenths of the resampled fits lie.
struct fit_interval {
  double low = 0, high = 0;
};

/// A scaling law of one's own text and architecture, fitted to finished runs of several sizes and lengths.
///
/// It has the least squares of relative errors. Intervals come from `resamplings` fits to the law's own losses with
/// relative errors drawn from those of the runs (residual bootstrap: Efron, Tibshirani 1993, §9.4), which are enlarged by
/// √(runs / (runs - 5)) for the five numbers that were fitted. Runs of a size far from those given may be of another law.
///
/// ```cpp
///   const auto fit = tf::scaling_law_fit::of(runs);
///   std::printf("%.3f nats\n", fit->law().loss(1e6, 2e7));
/// ```
class scaling_law_fit {
 public:
  static constexpr int resamplings = 200;

  /// Errors: a number that is not above 0 and finite; fewer than 6 runs; fewer than 3 sizes or 3 numbers of tokens.
  static result<scaling_law_fit, training_error> of(std::span<const finished_run> runs, std::uint64_t seed = 0) {
    if (auto usable = check(runs); !usable) return failure{usable.error()};
    scaling_law_fit fit;
    fit.law_ = detail::scaling_least_squares{runs}.best();
    const double enlarged = std::sqrt(double(runs.size()) / double(runs.size() - fitted_numbers));
    for (const finished_run& run : runs)
      fit.errors_.push_back(enlarged * (run.loss / fit.law_.loss(run.parameters, run.tokens) - 1));
    philox random{seed};
    std::vector<finished_run> drawn(runs.begin(), runs.end());
    for (int i = 0; i < resamplings; ++i) {
      for (finished_run& run : drawn)
        run.loss = fit.law_.loss(run.parameters, run.tokens) * (1 + fit.error_from(random));
      fit.resampled_.push_back(detail::scaling_least_squares{drawn}.best_near(fit.law_));
      fit.next_errors_.push_back(fit.error_from(random));
    }
    return result<scaling_law_fit, training_error>(std::move(fit));
  }

  const scaling_law& law() const { return law_; }
  /// The root mean square of (loss / predicted - 1) over the runs, enlarged as above.
  double relative_error() const {
    double squares = 0;
    for (const double error : errors_) squares += error * error;
    return std::sqrt(squares / double(errors_.size()));
  }

  /// Where a number of the law lies: `fit.interval_of(&tf::scaling_law::alpha)`.
  fit_interval interval_of(double scaling_law::*number) const {
    std::vector<double> values;
    for (const scaling_law& law : resampled_) values.push_back(law.*number);
    return middle_of(std::move(values));
  }
  /// Where the loss of another run lies: the law is uncertain, and a run differs from it by chance.
  fit_interval interval_of_loss(double parameters, double tokens) const {
    std::vector<double> values;
    for (std::size_t i = 0; i < resampled_.size(); ++i)
      values.push_back(resampled_[i].loss(parameters, tokens) * (1 + next_errors_[i]));
    return middle_of(std::move(values));
  }

 private:
  static constexpr std::size_t fitted_numbers = 5;

  static result<void, training_error> check(std::span<const finished_run> runs) {
    const auto is_usable = [](double x) { return x > 0 && is_finite(x); };
    std::set<double> sizes, lengths;
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const finished_run& run = runs[i];
      if (!is_usable(run.parameters) || !is_usable(run.tokens) || !is_usable(run.loss))
        return failure{training_error{training_error::problem::bad_option,
                                      "run " + std::to_string(i) +
                                          ": expected parameters, tokens and a loss above 0, found " +
                                          std::to_string(run.parameters) + ", " + std::to_string(run.tokens) + " and " +
                                          std::to_string(run.loss)}};
      sizes.insert(run.parameters);
      lengths.insert(run.tokens);
    }
    if (runs.size() <= fitted_numbers || sizes.size() < 3 || lengths.size() < 3)
      return failure{training_error{training_error::problem::not_enough_data,
                                    "a scaling law needs at least 6 runs, of 3 sizes and 3 numbers of tokens; found " +
                                        std::to_string(runs.size()) + ", of " + std::to_string(sizes.size()) + " and " +
                                        std::to_string(lengths.size())}};
    return {};
  }

  double error_from(philox& random) const {
    return errors_[uniform_below(static_cast<std::uint32_t>(errors_.size()), random)];
  }
  static fit_interval middle_of(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return {values[values.size() / 20], values[values.size() - 1 - values.size() / 20]};
  }

  scaling_law law_{};
  std::vector<double> errors_, next_errors_;
  std::vector<scaling_law> resampled_;
};

}  // namespace typeformer
