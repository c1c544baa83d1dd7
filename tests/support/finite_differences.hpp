// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include <support/catch.hpp>
#include <typeformer/foundation/config.hpp>
#include <typeformer/shape/views.hpp>

namespace typeformer::testing {

/// `count` standard normal numbers, the same for the same seed.
template <class S = double> std::vector<S> normal_numbers(index_type count, unsigned seed) {
  std::mt19937 generator{seed};
  std::normal_distribution<double> normal;
  std::vector<S> numbers(static_cast<std::size_t>(count));
  for (S& number : numbers) number = static_cast<S>(normal(generator));
  return numbers;
}

template <class S> rows_view<S> rows_of(std::vector<S>& numbers, index_type width) { return {numbers.data(), width}; }
template <class S> rows_view<const S> rows_of(const std::vector<S>& numbers, index_type width) {
  return {numbers.data(), width};
}

inline double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// Judges `gradient` = d loss() / d x by central differences of fourth order: every element to 1e-8 of the largest.
template <class Loss> void check_gradient(std::vector<double>& x, const std::vector<double>& gradient, Loss loss) {
  REQUIRE(x.size() == gradient.size());
  constexpr double step = 1e-3;
  double largest = 0, worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double at = x[i];
    const auto loss_at = [&](double offset) {
      x[i] = at + offset;
      return loss();
    };
    const double difference =
        (8 * (loss_at(step) - loss_at(-step)) - (loss_at(2 * step) - loss_at(-2 * step))) / (12 * step);
    x[i] = at;
    largest = std::max(largest, std::abs(difference));
    worst = std::max(worst, std::isfinite(gradient[i]) ? std::abs(difference - gradient[i]) : INFINITY);
  }
  CHECK(largest > 1e-6);
  CHECK(worst <= 1e-8 * largest);
}

}  // namespace typeformer::testing
