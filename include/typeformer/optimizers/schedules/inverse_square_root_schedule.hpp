// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstdint>

#include <typeformer/optimizers/schedules/schedule.hpp>

namespace typeformer {

/// A linear warm-up, then η / √((t − w + s) / s). The time scale s is by default the length of the warm-up, or 10000 if
/// there is none (Vaswani et al. 2017, equation 3, with s = w).
struct inverse_square_root_schedule {
  double learning_rate = 1;
  std::int64_t warm_up_steps = 0;
  std::int64_t timescale = 0;

  constexpr auto settings() const {
    return std::array{setting{"learning_rate", learning_rate, not_negative},
                      setting{"warm_up_steps", warm_up_steps, any_count}, setting{"timescale", timescale, any_count}};
  }

  constexpr double operator()(std::int64_t step) const {
    if (step < warm_up_steps) return learning_rate * detail::warm_up(step, warm_up_steps);
    const std::int64_t scale = timescale > 0 ? timescale : warm_up_steps > 0 ? warm_up_steps : 10000;
    return learning_rate / math::sqrt((detail::steps_between(warm_up_steps, step) + double(scale)) / double(scale));
  }
};

}  // namespace typeformer
