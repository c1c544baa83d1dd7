// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include <typeformer/foundation/precondition.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/objectives/batch_error.hpp>
#include <typeformer/shape/token_batch.hpp>

namespace typeformer {

/// What every number of the embedding adds to an objective.
struct input_attributions {
  index_type width = 0;
  std::vector<double> numbers;  ///< [rows][width]
  double difference = 0;        ///< the objective of the input, minus that of the baseline

  double of_row(index_type row) const {
    double sum = 0;
    for (index_type i = 0; i < width; ++i) sum += numbers[std::size_t(row * width + i)];
    return sum;
  }
  /// Their sum. It differs from `difference` by the error of the integral.
  double sum() const {
    double all = 0;
    for (const double each : numbers) all += each;
    return all;
  }
};

/// Integrated gradients (Sundararajan et al. 2017, arXiv:1703.01365, eq. 1): (x − b) times the mean gradient on the line
/// from the baseline b to the embedding x, by the midpoint rule.
///
/// `Gradients` is an `input_gradients<M, Objective>`. The baseline [rows][width] is 0 if none is given. With a norm right
/// behind the embedding, as in Llama, 0 is a pole: choose another, such as the mean of the embedding's table. Errors as
/// for `Gradients::run`. Precondition: steps > 0. Cost: steps + 2 runs.
template <class Gradients>
result<input_attributions, batch_error> integrated_gradients(
    Gradients& of, const typename Gradients::scalar_type* parameters, const token_batch& batch,
    std::span<const typename Gradients::scalar_type> baseline = {}, index_type steps = 64) {
  using scalar = typename Gradients::scalar_type;
  TYPEFORMER_PRECONDITION(steps > 0);
  const auto at_input = of.run(parameters, batch);
  if (!at_input) return failure{at_input.error()};
  std::vector<scalar> from_input(of.embedding().size()), shift(from_input.size());  // b − x
  for (std::size_t i = 0; i < shift.size(); ++i)
    from_input[i] = (i < baseline.size() ? baseline[i] : scalar{0}) - of.embedding()[i];
  const auto at_baseline = of.run(parameters, batch, from_input);
  if (!at_baseline) return failure{at_baseline.error()};
  input_attributions found{Gradients::width, std::vector<double>(shift.size()),
                           double(*at_input) - double(*at_baseline)};
  for (index_type step = 0; step < steps; ++step) {
    const double rest = 1 - (double(step) + 0.5) / double(steps);
    for (std::size_t i = 0; i < shift.size(); ++i) shift[i] = scalar(rest * double(from_input[i]));
    if (const auto run = of.run(parameters, batch, shift); !run) return failure{run.error()};
    for (std::size_t i = 0; i < shift.size(); ++i)
      found.numbers[i] -= double(from_input[i]) * double(of.gradient()[i]) / double(steps);
  }
  return found;
}

}  // namespace typeformer
