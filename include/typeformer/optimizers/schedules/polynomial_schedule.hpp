// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstdint>

#include <typeformer/optimizers/schedules/schedule.hpp>

namespace typeformer {

/// A linear warm-up, then a power of the remaining part: e + (η − e)(1 − p)ᵏ, p = (t − w) / (T − w), and e after T.
struct polynomial_schedule {
  double learning_rate = 1;
  std::int64_t warm_up_steps = 0, steps = 0;
  double end_learning_rate = 1e-7;
  double power = 1;

  constexpr auto settings() const {
    return std::array{setting{"learning_rate", learning_rate, not_negative},
                      setting{"warm_up_steps", warm_up_steps, any_count}, setting{"steps", steps, any_count},
                      setting{"end_learning_rate", end_learning_rate, not_negative},
                      setting{"power", power, not_negative}};
  }

  constexpr double operator()(std::int64_t step) const {
    if (step < warm_up_steps) return learning_rate * detail::warm_up(step, warm_up_steps);
    if (step > steps) return end_learning_rate;
    const double left = 1 - detail::progress(step, warm_up_steps, steps);
    return end_learning_rate + (learning_rate - end_learning_rate) * math::pow(left, power);
  }
};

}  // namespace typeformer
