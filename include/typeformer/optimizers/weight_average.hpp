// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <concepts>
#include <cstdint>

#include <typeformer/foundation/setting.hpp>
#include <typeformer/optimizers/detail/elements.hpp>

namespace typeformer {

/// The mean of the weights of all steps so far: ā ← ā + (θ − ā) / t (Polyak, Juditsky 1992, equation 3; stochastic
/// weight averaging, Izmailov et al. 2018, equation 2).
struct polyak_average {
  constexpr double fraction_of_new(std::int64_t step) const { return 1 / double(step); }
};

/// An exponential moving average: ā ← δ ā + (1 − δ) θ, from the first weights.
struct exponential_average {
  double decay = 0.999;
  constexpr auto settings() const { return std::array{setting{"decay", decay, from_zero_to_one}}; }
  constexpr double fraction_of_new(std::int64_t step) const { return step == 1 ? 1 : 1 - decay; }
};

/// The fraction of the new weights in an average; 1 in step 1.
template <class A>
concept WeightAverage = requires(const A average, std::int64_t step) {
  { average.fraction_of_new(step) } -> std::same_as<double>;
};

/// Adds the weights after step `step` (counted from 1, among the averaged ones) to their average.
template <WeightAverage A, class S>
constexpr void average_weights(const A& rule, index_type count, const S* values, S* average, std::int64_t step) {
  const S fraction = S(rule.fraction_of_new(step));
  if (fraction == S(1)) {
    for (index_type i = 0; i < count; ++i) average[i] = values[i];
    return;
  }
  const auto approach = [=](auto value, auto& mean) { mean = mean + fraction * (value - mean); };
  detail::update_elements<S>(count, approach, values, average);
}

}  // namespace typeformer
