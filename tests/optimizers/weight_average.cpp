// SPDX-License-Identifier: BSL-1.0
#include <vector>

#include <support/catch.hpp>
#include <typeformer/optimizers/weight_average.hpp>

namespace typeformer {
namespace {

template <class S, WeightAverage A> std::vector<S> average_of(const A& rule, const std::vector<S>& path) {
  std::vector<S> weights(37), average(37, S(1000));
  std::int64_t step = 0;
  for (const S at : path) {
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = at * S(i);
    average_weights(rule, index_type(weights.size()), weights.data(), average.data(), ++step);
  }
  return average;
}

TEST_CASE("makes the Polyak average the mean of all weights, for any initial value") {
  const auto average = average_of<float>(polyak_average{}, {1, 5, 3, 7});
  for (std::size_t i = 0; i < average.size(); ++i) CHECK(average[i] == Approx(4 * i));
}

TEST_CASE("starts the exponential average at the first weights and decays it") {
  const auto average = average_of<double>(exponential_average{.decay = 0.75}, {4, 8, 0});
  for (std::size_t i = 0; i < average.size(); ++i) CHECK(average[i] == Approx(3.75 * double(i)));  // 4, 5, 3.75
}

static_assert(WeightAverage<polyak_average> && !WeightAverage<int>);
static_assert([] {
  const double weights[] = {1, 2};
  double average[] = {0, 0};
  average_weights(exponential_average{}, 2, weights, average, 1);
  return average[0] == 1 && average[1] == 2;
}());

}  // namespace
}  // namespace typeformer
