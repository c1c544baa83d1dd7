// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>

#include <typeformer/optimizers/weight_average.hpp>

namespace typeformer {

/// The average of the weights that a trainer keeps in addition to them, such as `exponential_average{0.999}`; by
/// default none.
class averaged_weights {
 public:
  averaged_weights() = default;
  template <class A>
    requires(!std::same_as<A, averaged_weights> && WeightAverage<A>)
  averaged_weights(A rule) : fraction_{[rule](std::int64_t step) { return rule.fraction_of_new(step); }} {
    if constexpr (HasSettings<A>) wrong_ = typeformer::wrong_setting(rule);
  }

  explicit operator bool() const { return bool(fraction_); }
  /// Precondition: there is an average.
  double fraction_of_new(std::int64_t step) const { return fraction_(step); }

  /// The first setting of the average that is out of its range.
  const std::optional<setting>& wrong_setting() const { return wrong_; }

 private:
  std::optional<setting> wrong_{};
  std::function<double(std::int64_t)> fraction_{};
};

}  // namespace typeformer
