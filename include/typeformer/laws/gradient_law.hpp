// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include <typeformer/contract/weights_view.hpp>
#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/laws/ragged_batch.hpp>
#include <typeformer/laws/run_walk.hpp>
#include <typeformer/laws/sentence.hpp>
#include <typeformer/parameters/layout.hpp>

namespace typeformer::laws {

struct gradient_report {
  double worst = 0;                   ///< largest error of a tensor, relative to its largest gradient
  sentence where;                     ///< the tensor
  std::int64_t tested = 0, zero = 0;  ///< parameters, and those without influence on the loss
};

/// Law: the result of `walk_back` is the derivative of `walk`, for every parameter.
///
/// `Walk` delivers losses that are added. Central differences of fourth order in double.
template <class Walk, class Use> gradient_report check_gradients(const token_batch& batch) {
  using plan = planned<Walk, Use>;
  walk_runner<Walk, Use, double> runner;
  std::vector<double> weights = random_values<double>(plan::value.parameters);
  const auto loss = [&] {
    runner.forget();
    const auto losses = runner.run(canonical_weights_view<double>{weights.data()}, batch);
    return std::accumulate(losses.data, losses.data + losses.stride, 0.0);
  };
  loss();
  const std::vector<double> gradients = runner.gradients;

  gradient_report report;
  const parameter_layout layout{plan::value.leaves.data(), plan::value.leaf_count, plan::value.parameters};
  for_each_tensor(layout, [&](const parameter_tensor& tensor) {
    double error = 0, largest = 0;
    for (std::size_t i = std::size_t(tensor.offset); i < std::size_t(tensor.offset + tensor.size()); ++i) {
      constexpr double step = 2e-3;
      const double at = weights[i];
      const auto loss_at = [&](double offset) { return weights[i] = at + offset, loss(); };
      const double difference =
          (8 * (loss_at(step) - loss_at(-step)) - (loss_at(2 * step) - loss_at(-2 * step))) / (12 * step);
      weights[i] = at;
      error = is_finite(gradients[i]) ? (std::max)(error, (std::abs)(difference - gradients[i])) : INFINITY;
      largest = (std::max)(largest, (std::abs)(difference));
      report.zero += gradients[i] == 0;
      ++report.tested;
    }
    const double relative = error / (std::max)(largest, 1e-3);
    if (!(relative <= report.worst)) {
      report.worst = relative;
      report.where = sentence(tensor.name().view());
    }
  });
  return report;
}

}  // namespace typeformer::laws
