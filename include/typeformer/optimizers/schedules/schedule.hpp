// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>
#include <cstdint>

#include <typeformer/foundation/math.hpp>

namespace typeformer {

/// A value that gives the learning rate of a step, counted from 0. With the default learning rate of 1 it is a factor.
template <class T>
concept Schedule = requires(const T schedule, std::int64_t step) {
  { schedule(step) } -> std::same_as<double>;
};

namespace detail {

/// From 0 to 1 in `warm_up_steps` steps.
constexpr double warm_up(std::int64_t step, std::int64_t warm_up_steps) { return double(step) / double(warm_up_steps); }

/// 0 when the warm-up ends, 1 after `steps`.
constexpr double progress(std::int64_t step, std::int64_t warm_up_steps, std::int64_t steps) {
  return double(step - warm_up_steps) / double(steps > warm_up_steps ? steps - warm_up_steps : 1);
}

/// From 1 to 0 while `half_turns` goes from 0 to 1.
constexpr double cosine_decay(double half_turns) { return 0.5 * (1 + math::cos(3.14159265358979323846 * half_turns)); }

}  // namespace detail
}  // namespace typeformer
