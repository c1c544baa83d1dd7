// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstdint>

#include <typeformer/optimizers/schedules/schedule.hpp>

namespace typeformer {

/// A linear warm-up, then a linear decay to 0: η max(0, (T − t) / (T − w)); 0 if no step is left after the warm-up.
struct linear_schedule {
  double learning_rate = 1;
  std::int64_t warm_up_steps = 0, steps = 0;

  constexpr auto settings() const {
    return std::array{setting{"learning_rate", learning_rate, not_negative},
                      setting{"warm_up_steps", warm_up_steps, any_count}, setting{"steps", steps, any_count}};
  }

  constexpr double operator()(std::int64_t step) const {
    if (step < warm_up_steps) return learning_rate * detail::warm_up(step, warm_up_steps);
    if (step >= steps) return 0;
    return learning_rate * (1 - detail::progress(step, warm_up_steps, steps));
  }
};

}  // namespace typeformer
