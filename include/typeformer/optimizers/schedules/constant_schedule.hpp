// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstdint>

#include <typeformer/optimizers/schedules/schedule.hpp>

namespace typeformer {

/// A constant learning rate, after a linear warm-up if there is one: η min(1, t / w).
struct constant_schedule {
  double learning_rate = 1;
  std::int64_t warm_up_steps = 0;

  constexpr auto settings() const {
    return std::array{setting{"learning_rate", learning_rate, not_negative},
                      setting{"warm_up_steps", warm_up_steps, any_count}};
  }

  constexpr double operator()(std::int64_t step) const {
    if (step < warm_up_steps) return learning_rate * detail::warm_up(step, warm_up_steps);
    return learning_rate;
  }
};

}  // namespace typeformer
