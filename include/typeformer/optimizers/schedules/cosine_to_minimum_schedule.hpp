// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstdint>

#include <typeformer/optimizers/schedules/schedule.hpp>

namespace typeformer {

/// nanoGPT's schedule: a linear warm-up whose step 0 is not zero, η (t + 1) / (w + 1), then half a cosine from η down
/// to `minimum`, and `minimum` after T: m + (η − m) ½ (1 + cos π p), p = (t − w) / (T − w).
struct cosine_to_minimum_schedule {
  double learning_rate = 1;
  std::int64_t warm_up_steps = 0, steps = 0;
  double minimum = 0;

  constexpr auto settings() const {
    return std::array{setting{"learning_rate", learning_rate, not_negative},
                      setting{"warm_up_steps", warm_up_steps, any_count}, setting{"steps", steps, any_count},
                      setting{"minimum", minimum, not_negative}};
  }

  constexpr double operator()(std::int64_t step) const {
    if (step < warm_up_steps) return learning_rate * ((double(step) + 1) / (double(warm_up_steps) + 1));
    if (step > steps) return minimum;
    return minimum + (learning_rate - minimum) * detail::cosine_decay(detail::progress(step, warm_up_steps, steps));
  }
};

}  // namespace typeformer
