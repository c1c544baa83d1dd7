// SPDX-License-Identifier: BSL-1.0
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <type_traits>

#include <support/catch.hpp>
#include <typeformer/hosted/training/check_recipe.hpp>
#include <typeformer/optimizers/adafactor_with_momentum.hpp>
#include <typeformer/optimizers/adagrad.hpp>
#include <typeformer/optimizers/adam.hpp>
#include <typeformer/optimizers/adamw.hpp>
#include <typeformer/optimizers/hf_adamw.hpp>
#include <typeformer/optimizers/lamb.hpp>
#include <typeformer/optimizers/lion.hpp>
#include <typeformer/optimizers/rmsprop.hpp>
#include <typeformer/optimizers/rmsprop_with_momentum.hpp>
#include <typeformer/optimizers/schedules/cosine_restarts_schedule.hpp>
#include <typeformer/optimizers/schedules/cosine_schedule.hpp>
#include <typeformer/optimizers/schedules/cosine_to_minimum_schedule.hpp>
#include <typeformer/optimizers/schedules/inverse_square_root_schedule.hpp>
#include <typeformer/optimizers/schedules/linear_schedule.hpp>
#include <typeformer/optimizers/schedules/polynomial_schedule.hpp>
#include <typeformer/optimizers/sgd.hpp>
#include <typeformer/optimizers/sgd_with_momentum.hpp>
#include <typeformer/optimizers/weight_average.hpp>

namespace tf = typeformer;

namespace {

constexpr double nan_ = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();

template <class O> std::string rejection(const tf::training_recipe<O>& recipe) {
  const auto checked = tf::check_recipe(recipe);
  if (checked) return {};
  CHECK(checked.error().what == tf::training_error::problem::bad_option);
  return checked.error().message();
}
template <class O, class... Members> void check_optimizer(Members... members) {
  CHECK(rejection<O>({}).empty());
  const auto count = O{}.settings().size();
  CHECK(count >= sizeof...(members));
  const auto check = [](auto member) {
    for (const double wrong : {nan_, infinity, -infinity, 1e39, -1e39}) {
      tf::training_recipe<O> recipe{};
      recipe.optimizer.*member = wrong;
      CHECK(rejection(recipe).find("training recipe: optimizer, ") == 0);
    }
  };
  (check(members), ...);
}

/// An optimizer of a user that does not give the ranges of its settings.
struct of_a_user {
  double factor = 1;
  struct inner_settings {
    float fraction = 0.5f;
    int steps = 3;
  } inner{};
  static constexpr int state_arrays = 0;
  template <class S> void update(const tf::tensor_update<S, 0>&, const tf::step_context&) const {}
};

}  // namespace

TEST_CASE("rejects hyper-parameters that are not finite or not of single precision", "[settings]") {
  check_optimizer<tf::adamw>(&tf::adamw::beta1, &tf::adamw::beta2, &tf::adamw::epsilon, &tf::adamw::weight_decay);
  check_optimizer<tf::adam_amsgrad>(&tf::adam_amsgrad::beta1, &tf::adam_amsgrad::epsilon);
  check_optimizer<tf::hf_adamw>(&tf::hf_adamw::beta2, &tf::hf_adamw::epsilon, &tf::hf_adamw::weight_decay);
  check_optimizer<tf::lamb>(&tf::lamb::beta1, &tf::lamb::epsilon, &tf::lamb::weight_decay, &tf::lamb::largest_norm);
  check_optimizer<tf::lion>(&tf::lion::beta1, &tf::lion::beta2, &tf::lion::weight_decay);
  check_optimizer<tf::adagrad>(&tf::adagrad::rate_decay, &tf::adagrad::initial_sum, &tf::adagrad::epsilon);
  check_optimizer<tf::rmsprop>(&tf::rmsprop::smoothing, &tf::rmsprop::epsilon, &tf::rmsprop::weight_decay);
  check_optimizer<tf::centered_rmsprop_with_momentum>(&tf::centered_rmsprop_with_momentum::momentum,
                                                      &tf::centered_rmsprop_with_momentum::smoothing);
  check_optimizer<tf::sgd>(&tf::sgd::weight_decay);
  check_optimizer<tf::sgd_with_momentum>(&tf::sgd_with_momentum::momentum, &tf::sgd_with_momentum::dampening);
  check_optimizer<tf::adafactor>(&tf::adafactor::square_epsilon, &tf::adafactor::scale_epsilon,
                                 &tf::adafactor::clip_threshold, &tf::adafactor::decay_rate,
                                 &tf::adafactor::weight_decay);
  check_optimizer<tf::adafactor_with_momentum>(&tf::adafactor_with_momentum::beta1);
}

TEST_CASE("names the setting, its value and its range", "[settings]") {
  CHECK(rejection<tf::adamw>({.optimizer = {.beta1 = 1}}) ==
        "training recipe: optimizer, beta1: expected a number from 0 to below 1, found 1");
  CHECK(rejection<tf::adamw>({.optimizer = {.epsilon = 0}}) ==
        "training recipe: optimizer, epsilon: expected a number from 1.2e-38 to 3e+38, found 0");
  CHECK(rejection<tf::sgd>({.optimizer = {.weight_decay = nan_}}) ==
        "training recipe: optimizer, weight_decay: expected a number from 0 to 3e+38, found nan");
  CHECK(rejection<tf::adafactor_with_momentum>({.optimizer = {.rule = {.decay_rate = 0.5}}}).find("decay_rate") !=
        std::string::npos);
  CHECK(rejection<tf::sgd>({.steps = -1}) ==
        "training recipe: steps: expected a number from 0 to 9007199254740992, found -1");
  constexpr tf::index_type one_too_many = (tf::index_type{1} << 53) + 1;  // as a double it is the limit
  CHECK(rejection<tf::sgd>({.steps = one_too_many}) ==
        "training recipe: steps: expected a number from 0 to 9007199254740992, found 9007199254740993");
}

TEST_CASE("rejects a recipe whose own numbers are out of range", "[settings]") {
  for (const double wrong : {nan_, infinity, -1.0, 1e39}) {
    CHECK(rejection<tf::sgd>({.maximum_gradient_norm = wrong}).find("maximum_gradient_norm") != std::string::npos);
    CHECK(rejection<tf::sgd>({.average = tf::exponential_average{wrong}}).find("average, decay") != std::string::npos);
    if (wrong == 1e39) continue;
    CHECK(rejection<tf::sgd>({.guard = {.window = 1, .deviations = wrong}}).find("guard.deviations") !=
          std::string::npos);
    CHECK(rejection<tf::sgd>({.guard = {.window = 1, .ratio = wrong}}).find("guard.ratio") != std::string::npos);
    CHECK(rejection<tf::sgd>({.peak_flops_per_second = wrong}).find("peak_flops_per_second") != std::string::npos);
  }
  constexpr tf::index_type most = std::numeric_limits<tf::index_type>::max();
  CHECK_FALSE(rejection<tf::sgd>({.steps = most}).empty());
  CHECK_FALSE(rejection<tf::sgd>({.accumulated_batches = 0}).empty());
  CHECK_FALSE(rejection<tf::sgd>({.accumulated_batches = most}).empty());
  CHECK_FALSE(rejection<tf::sgd>({.evaluation_interval = 0}).empty());
  CHECK_FALSE(rejection<tf::sgd>({.evaluation_interval = most}).empty());
  CHECK_FALSE(rejection<tf::sgd>({.guard = {.window = -1}}).empty());
  CHECK_FALSE(rejection<tf::sgd>({.guard = {.window = most}}).empty());
  CHECK_FALSE(rejection<tf::sgd>({.learning_rate = {}}).empty());
}

TEST_CASE("requires finite settings of an optimizer that does not give their ranges", "[settings]") {
  CHECK(rejection<of_a_user>({}).empty());
  CHECK_FALSE(rejection<of_a_user>({.optimizer = {.factor = nan_}}).empty());
  CHECK_FALSE(
      rejection<of_a_user>({.optimizer = {.inner = {.fraction = std::numeric_limits<float>::infinity()}}}).empty());
}

TEST_CASE("checks a schedule's settings before the first step", "[settings]") {
  const auto check = []<class S, class... Members>(S, Members... members) {
    CHECK(rejection<tf::sgd>({.learning_rate = S{}}).empty());
    CHECK(S{}.settings().size() == sizeof...(members));
    const auto check_one = [](auto member) {
      S schedule;
      if constexpr (std::is_same_v<decltype(member), double S::*>) {
        for (const double wrong : {nan_, infinity, -infinity, -1e-9, 1e39}) {
          schedule.*member = wrong;
          CHECK(rejection<tf::sgd>({.learning_rate = schedule}).find("training recipe: schedule, ") == 0);
        }
      } else {
        for (const std::int64_t wrong : {std::int64_t{-1}, std::numeric_limits<std::int64_t>::min()}) {
          schedule.*member = wrong;
          CHECK(rejection<tf::sgd>({.learning_rate = schedule}).find("training recipe: schedule, ") == 0);
        }
        schedule.*member = std::numeric_limits<std::int64_t>::max();
        CHECK(rejection<tf::sgd>({.learning_rate = schedule}).empty());
      }
    };
    (check_one(members), ...);
  };
  using constant = tf::constant_schedule;
  using restarts = tf::cosine_restarts_schedule;
  using cosine = tf::cosine_schedule;
  using to_minimum = tf::cosine_to_minimum_schedule;
  using square_root = tf::inverse_square_root_schedule;
  using linear = tf::linear_schedule;
  using polynomial = tf::polynomial_schedule;
  check(constant{}, &constant::learning_rate, &constant::warm_up_steps);
  check(restarts{}, &restarts::learning_rate, &restarts::warm_up_steps, &restarts::steps, &restarts::cycles);
  check(cosine{}, &cosine::learning_rate, &cosine::warm_up_steps, &cosine::steps, &cosine::cycles);
  check(to_minimum{}, &to_minimum::learning_rate, &to_minimum::warm_up_steps, &to_minimum::steps, &to_minimum::minimum);
  check(square_root{}, &square_root::learning_rate, &square_root::warm_up_steps, &square_root::timescale);
  check(linear{}, &linear::learning_rate, &linear::warm_up_steps, &linear::steps);
  check(polynomial{}, &polynomial::learning_rate, &polynomial::warm_up_steps, &polynomial::steps,
        &polynomial::end_learning_rate, &polynomial::power);
  CHECK(rejection<tf::sgd>({.learning_rate = linear{.learning_rate = nan_}}) ==
        "training recipe: schedule, learning_rate: expected a number from 0 to 3e+38, found nan");
  CHECK(rejection<tf::sgd>({.learning_rate = std::function<double(std::int64_t)>{}}) ==
        "training recipe: learning_rate, decays and trains must not be empty");
}

TEST_CASE("checks a schedule's value before each step", "[settings]") {
  tf::training_recipe<tf::sgd> recipe{.learning_rate = [](std::int64_t step) { return step == 4 ? nan_ : 0.5; }};
  REQUIRE(tf::check_recipe(recipe));
  REQUIRE(tf::settings_of_step(recipe, 3));
  CHECK(tf::settings_of_step(recipe, 3)->learning_rate == 0.5);
  const auto fifth = tf::settings_of_step(recipe, 4);
  REQUIRE_FALSE(fifth);
  CHECK(fifth.error().message() ==
        "step 5: training recipe: learning_rate: expected a number from 0 to 3e+38, found nan");
  for (const double wrong : {infinity, -1e-3, 1e39}) {
    recipe.learning_rate = [wrong](std::int64_t) { return wrong; };
    CHECK_FALSE(tf::settings_of_step(recipe, 0));
  }
  recipe.learning_rate = tf::constant_schedule{0};
  CHECK(tf::settings_of_step(recipe, 0));
}
