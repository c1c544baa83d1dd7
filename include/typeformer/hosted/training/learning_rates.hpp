// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

#include <typeformer/foundation/setting.hpp>

namespace typeformer {

/// The learning rate of each step, counted from 0: a schedule, or any other function of the step.
class learning_rates {
 public:
  learning_rates() = default;
  template <class S>
    requires(!std::same_as<std::remove_cvref_t<S>, learning_rates> &&
             std::constructible_from<std::function<double(std::int64_t)>, S>)
  learning_rates(S&& schedule) {
    if constexpr (HasSettings<std::remove_cvref_t<S>>) wrong_ = typeformer::wrong_setting(schedule);
    rate_ = std::forward<S>(schedule);
  }

  explicit operator bool() const { return bool(rate_); }
  /// Precondition: there is a function.
  double operator()(std::int64_t step) const { return rate_(step); }

  /// The first setting of the schedule that is out of its range.
  const std::optional<setting>& wrong_setting() const { return wrong_; }

 private:
  std::optional<setting> wrong_{};
  std::function<double(std::int64_t)> rate_{};
};

}  // namespace typeformer
