// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>
#include <cstdint>

#include <typeformer/foundation/math.hpp>
#include <typeformer/foundation/setting.hpp>

namespace typeformer {

/// A value that gives the learning rate of a step, counted from 0. With the default learning rate of 1 it is a factor.
/// `settings()`, if it exists, gives the ranges of the members, which a trainer checks before its first step.
template <class T>
concept Schedule = requires(const T schedule, std::int64_t step) {
  { schedule(step) } -> std::same_as<double>;
};

namespace detail {

/// From 0 to 1 in `warm_up_steps` steps.
constexpr double warm_up(std::int64_t step, std::int64_t warm_up_steps) { return double(step) / double(warm_up_steps); }

/// As doubles: differences of 64-bit numbers may overflow.
constexpr double steps_between(std::int64_t first, std::int64_t last) { return double(last) - double(first); }

/// 0 at the end of the warm-up, 1 after `steps`.
constexpr double progress(std::int64_t step, std::int64_t warm_up_steps, std::int64_t steps) {
  const double all = steps_between(warm_up_steps, steps);
  return steps_between(warm_up_steps, step) / (all > 1 ? all : 1);
}

/// From 1 to 0 while `half_turns` goes from 0 to 1.
constexpr double cosine_decay(double half_turns) { return 0.5 * (1 + math::cos(3.14159265358979323846 * half_turns)); }

}  // namespace detail
}  // namespace typeformer
