// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstdint>

#include <typeformer/optimizers/schedules/schedule.hpp>

namespace typeformer {

/// A linear warm-up, then `cycles` half cosines that each begin at the learning rate: η ½ (1 + cos π (c p mod 1)), p =
/// (t − w) / (T − w), and 0 from T on (Loshchilov, Hutter 2017, §3).
struct cosine_restarts_schedule {
  double learning_rate = 1;
  std::int64_t warm_up_steps = 0, steps = 0;
  double cycles = 1;

  constexpr auto settings() const {
    return std::array{setting{"learning_rate", learning_rate, not_negative},
                      setting{"warm_up_steps", warm_up_steps, any_count}, setting{"steps", steps, any_count},
                      setting{"cycles", cycles, not_negative}};
  }

  constexpr double operator()(std::int64_t step) const {
    if (step < warm_up_steps) return learning_rate * detail::warm_up(step, warm_up_steps);
    const double done = detail::progress(step, warm_up_steps, steps);
    if (done >= 1) return 0;
    const double at = cycles * done;
    if (!(at < 0x1p53)) return learning_rate;  // a cycle is shorter than a step
    return learning_rate * detail::cosine_decay(at - double(static_cast<std::int64_t>(at)));
  }
};

}  // namespace typeformer
