// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>

#include <typeformer/contract/options.hpp>
#include <typeformer/foundation/math.hpp>

namespace typeformer {

/// (y − t)², the loss of PyTorch's `MSELoss`.
struct squared_error {
  static constexpr bool has_right_answers = false;
  template <class S> static constexpr S loss(S y, S t) { return (y - t) * (y - t); }
  template <class S> static constexpr S derivative(S y, S t) { return S{2} * (y - t); }
};

/// ½ (y − t)² if |y − t| ≤ δ, otherwise δ (|y − t| − ½ δ): outliers have less influence (Huber 1964, "Robust estimation
/// of a location parameter"). The loss of PyTorch's `HuberLoss`.
template <number Delta = 1.0> struct huber {
  static constexpr double delta = Delta.value;
  static constexpr bool in_range = delta > 0 && delta <= largest_number;
  static constexpr bool has_right_answers = false;

  template <class S> static constexpr S loss(S y, S t) {
    const S away = math::fabs(y - t);
    return away <= S(delta) ? S(0.5) * away * away : S(delta) * (away - S(0.5 * delta));
  }
  template <class S> static constexpr S derivative(S y, S t) {
    const S d = y - t;
    return d > S(delta) ? S(delta) : d < S(-delta) ? S(-delta) : d;
  }
};

/// −t log σ(y) − (1 − t) log(1 − σ(y)) of logits y, computed as max(y, 0) − y t + log(1 + exp(−|y|)), which does not
/// overflow. For several labels at once, each true or false. The loss of PyTorch's `BCEWithLogitsLoss`. Targets are
/// between 0 and 1. A row is right if each of its outputs is on the side of its target.
struct binary_cross_entropy {
  static constexpr bool has_right_answers = true;
  template <class S> static constexpr S loss(S y, S t) {
    return (y > S{0} ? y : S{0}) - y * t + math::log(S{1} + math::exp(-math::fabs(y)));
  }
  template <class S> static constexpr S derivative(S y, S t) {
    const S e = math::exp(-math::fabs(y));
    return (y >= S{0} ? S{1} : e) / (S{1} + e) - t;
  }
  template <class S> static constexpr bool is_right(S y, S t) { return (y > S{0}) == (t > S(0.5)); }
};

/// A loss of one output y and its target t, and its derivative with respect to y.
template <class L>
concept RegressionLoss = requires(double y) {
  { L::loss(y, y) } -> std::same_as<double>;
  { L::derivative(y, y) } -> std::same_as<double>;
  { L::has_right_answers } -> std::convertible_to<bool>;
};

}  // namespace typeformer
