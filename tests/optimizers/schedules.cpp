// SPDX-License-Identifier: BSL-1.0
#include <cstdint>
#include <limits>
#include <utility>

#include <support/catch.hpp>
#include <typeformer/optimizers/schedules/constant_schedule.hpp>
#include <typeformer/optimizers/schedules/cosine_restarts_schedule.hpp>
#include <typeformer/optimizers/schedules/cosine_schedule.hpp>
#include <typeformer/optimizers/schedules/cosine_to_minimum_schedule.hpp>
#include <typeformer/optimizers/schedules/inverse_square_root_schedule.hpp>
#include <typeformer/optimizers/schedules/linear_schedule.hpp>
#include <typeformer/optimizers/schedules/polynomial_schedule.hpp>

namespace typeformer {
namespace {

static_assert(Schedule<linear_schedule> && !Schedule<int>);
static_assert(constant_schedule{}(1000) == 1);
static_assert(linear_schedule{.learning_rate = 8, .warm_up_steps = 4, .steps = 12}(2) == 4);
static_assert(linear_schedule{.learning_rate = 8, .warm_up_steps = 4, .steps = 12}(10) == 2);

TEST_CASE("warms every schedule up linearly to its peak, and ends at its final value") {
  const auto check = [](auto schedule, double end, double after) {
    schedule.learning_rate = 0.5;
    schedule.warm_up_steps = 4;
    schedule.steps = 12;
    CHECK(schedule(0) == 0);
    CHECK(schedule(3) == Approx(0.375));
    CHECK(schedule(4) == Approx(0.5));
    CHECK(schedule(12) == Approx(end).margin(1e-16));
    CHECK(schedule(20) == Approx(after).margin(1e-16));
  };
  check(linear_schedule{}, 0, 0);
  check(cosine_schedule{}, 0, 0.5);  // the cosine comes back
  check(cosine_restarts_schedule{.cycles = 3}, 0, 0);
  check(polynomial_schedule{.end_learning_rate = 0.125, .power = 2}, 0.125, 0.125);
}

TEST_CASE("computes schedules between their ends") {
  CHECK(linear_schedule{.warm_up_steps = 4, .steps = 4}(3) == Approx(0.75));
  CHECK(linear_schedule{.warm_up_steps = 4, .steps = 4}(4) == 0);  // as in Hugging Face's
  CHECK(cosine_schedule{.steps = 8}(2) == Approx(0.5 + 0.25 * math::sqrt(2.0)));
  CHECK(cosine_schedule{.steps = 8, .cycles = 1}(4) == Approx(0).margin(1e-16));
  CHECK(cosine_restarts_schedule{.steps = 8, .cycles = 2}(4) == Approx(1));
  CHECK(cosine_restarts_schedule{.steps = 8, .cycles = 2}(6) == Approx(0.5));
  CHECK(polynomial_schedule{.steps = 8, .end_learning_rate = 0.5, .power = 3}(4) == Approx(0.5 + 0.5 / 8));
  CHECK(inverse_square_root_schedule{.warm_up_steps = 4}(16) == Approx(0.5));
  CHECK(inverse_square_root_schedule{.timescale = 5}(15) == Approx(0.5));
  CHECK(inverse_square_root_schedule{}(30000) == Approx(0.5));
}

TEST_CASE("overflows with no setting that is allowed, at any step") {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const auto check = [](auto schedule) {
    const auto& [rate, warm_up] = std::pair{schedule.learning_rate, schedule.warm_up_steps};
    INFO("learning rate " << rate << ", warm-up " << warm_up);
    CHECK_FALSE(wrong_setting(schedule));
    for (const std::int64_t step : {std::int64_t{0}, std::int64_t{1}, std::int64_t{1000}, most / 2, most - 1, most}) {
      const double found = schedule(step);
      CHECK(found >= 0);
      CHECK(found <= 3e38);
    }
  };
  const auto check_steps = [&](auto schedule) {
    for (const std::int64_t warm_up : {std::int64_t{0}, std::int64_t{1}, most - 1, most})
      for (const std::int64_t steps : {std::int64_t{0}, std::int64_t{1}, most - 1, most})
        for (const double rate : {0.0, 1.0, 3e38}) {
          schedule.learning_rate = rate;
          schedule.warm_up_steps = warm_up;
          if constexpr (requires { schedule.steps; }) schedule.steps = steps;
          if constexpr (requires { schedule.timescale; }) schedule.timescale = steps;
          check(schedule);
        }
  };
  check_steps(constant_schedule{});
  check_steps(linear_schedule{});
  check_steps(inverse_square_root_schedule{});
  check_steps(cosine_to_minimum_schedule{.minimum = 3e38});
  for (const double number : {0.0, 0.5, 1e20, 3e38}) {
    check_steps(cosine_schedule{.cycles = number});
    check_steps(cosine_restarts_schedule{.cycles = number});
    check_steps(polynomial_schedule{.end_learning_rate = number, .power = number});
  }
  static_assert(linear_schedule{.warm_up_steps = most, .steps = most}(most / 2) == 0.5);
  CHECK(cosine_to_minimum_schedule{.warm_up_steps = most}(most / 2) == 0.5);
}

TEST_CASE("warms nanoGPT's schedule up from above zero and stays at its minimum") {
  constexpr cosine_to_minimum_schedule schedule{.learning_rate = 1, .warm_up_steps = 4, .steps = 12, .minimum = 0.1};
  CHECK(schedule(0) == Approx(0.2));
  CHECK(schedule(3) == Approx(0.8));
  CHECK(schedule(4) == Approx(1));
  CHECK(schedule(8) == Approx(0.55));
  CHECK(schedule(12) == Approx(0.1));
  CHECK(schedule(1000) == 0.1);
}

}  // namespace
}  // namespace typeformer
