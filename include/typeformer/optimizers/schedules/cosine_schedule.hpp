// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstdint>

#include <typeformer/optimizers/schedules/schedule.hpp>

namespace typeformer {

/// A linear warm-up, then a cosine: η ½ (1 + cos 2π c p), p = (t − w) / (T − w); half a cycle ends at 0 (Loshchilov,
/// Hutter 2017, equation 5). After T the cosine continues, as in Hugging Face's schedule.
struct cosine_schedule {
  double learning_rate = 1;
  std::int64_t warm_up_steps = 0, steps = 0;
  double cycles = 0.5;

  constexpr auto settings() const {
    return std::array{setting{"learning_rate", learning_rate, not_negative},
                      setting{"warm_up_steps", warm_up_steps, any_count}, setting{"steps", steps, any_count},
                      setting{"cycles", cycles, not_negative}};
  }

  constexpr double operator()(std::int64_t step) const {
    if (step < warm_up_steps) return learning_rate * detail::warm_up(step, warm_up_steps);
    return learning_rate * detail::cosine_decay(2 * cycles * detail::progress(step, warm_up_steps, steps));
  }
};

}  // namespace typeformer
