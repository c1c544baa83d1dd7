// SPDX-License-Identifier: BSL-1.0
#include <vector>

#include <support/catch.hpp>
#include <support/finite_differences.hpp>
#include <typeformer/optimizers/adafactor_with_momentum.hpp>
#include <typeformer/optimizers/adagrad.hpp>
#include <typeformer/optimizers/adam.hpp>
#include <typeformer/optimizers/adamw.hpp>
#include <typeformer/optimizers/hf_adamw.hpp>
#include <typeformer/optimizers/lamb.hpp>
#include <typeformer/optimizers/lion.hpp>
#include <typeformer/optimizers/rmsprop.hpp>
#include <typeformer/optimizers/rmsprop_with_momentum.hpp>
#include <typeformer/optimizers/sgd.hpp>
#include <typeformer/optimizers/sgd_with_momentum.hpp>

namespace typeformer {
namespace {

using testing::normal_numbers;

/// A parameter of several elements, its gradient and the state that `O` keeps of it.
template <class S, Optimizer O> struct tensor_under_test {
  O optimizer;
  std::vector<index_type> shape;
  std::vector<S> values;
  bool decays = true;
  std::vector<S> state = std::vector<S>(std::size_t(O::state_arrays) * values.size());
  std::vector<S> compact = std::vector<S>(std::size_t(compact_state_size<O>(shape)));

  void step(const std::vector<S>& gradient, std::int64_t number, double learning_rate) {
    tensor_update<S, O::state_arrays> update{.values = values.data(),
                                             .gradient = gradient.data(),
                                             .state = {},
                                             .shape = shape,
                                             .decays = decays,
                                             .compact_state = compact.data()};
    for (std::size_t a = 0; a < update.state.size(); ++a) update.state[a] = state.data() + a * values.size();
    optimizer.update(update, {number, learning_rate});
  }
};

void check_close(const std::vector<double>& got, const std::vector<double>& expected) {
  REQUIRE(got.size() == expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) CHECK(got[i] == Approx(expected[i]).epsilon(1e-12));
}

template <Optimizer O>
std::vector<double> after_steps(const O& optimizer, double start, std::vector<double> gradients) {
  tensor_under_test<double, O> tensor{optimizer, {1}, {start}};
  std::vector<double> values;
  for (const double gradient : gradients) {
    tensor.step({gradient}, std::int64_t(values.size()) + 1, 0.1);
    values.push_back(tensor.values[0]);
  }
  return values;
}

TEST_CASE("makes two steps of every optimizer as computed by hand") {
  // θ = 2, gradients 3 and then -1, learning rate 1/10; ε is 0 so that the first Adam step is its sign.
  const auto after = [](const auto& optimizer) { return after_steps(optimizer, 2, {3, -1}); };
  SECTION("sgd: 2 - 0.1 (3 + 0.5 2) = 1.6, 1.6 - 0.1 (-1 + 0.5 1.6) = 1.62") {
    check_close(after(sgd{.weight_decay = 0.5}), {1.6, 1.62});
  }
  SECTION("momentum: b = 3, then 0.5 3 + 0.75 (-1) = 0.75") {
    const sgd_with_momentum rule{.momentum = 0.5, .dampening = 0.25};
    check_close(after(rule), {1.7, 1.625});
  }
  SECTION("Nesterov: 3 + 0.5 3 = 4.5, then b = 0.5 and -1 + 0.25 = -0.75") {
    const sgd_with_momentum rule{.momentum = 0.5, .nesterov = true};
    check_close(after(rule), {1.55, 1.625});
  }
  SECTION("AdamW: 2 (1 - 0.05) - 0.1; then m̂ = 1/4 / 3/4 and v̂ = 31/16 / 7/16") {
    const adamw rule{.beta1 = 0.5, .beta2 = 0.75, .epsilon = 0, .weight_decay = 0.5};
    // m: 1.5, 0.25; v: 2.25, 1.9375; corrections 3/4 and 7/16
    const double second = 1.8 * 0.95 - 0.1 * (0.25 / 0.75) / math::sqrt(1.9375 / 0.4375);
    check_close(after(rule), {1.8, second});
  }
  SECTION("AMSGrad: v falls from 2.25 to 1.9375, the largest stays") {
    const adamw_amsgrad rule{.beta1 = 0.5, .beta2 = 0.75, .epsilon = 0, .weight_decay = 0};
    check_close(after(rule), {1.9, 1.9 - 0.1 * (0.25 / 0.75) / math::sqrt(2.25 / 0.4375)});
  }
  SECTION("Adam with L2: g = 3 + 0.5 2 = 4, then -1 + 0.5 1.9 = -0.05") {
    const adam rule{.beta1 = 0.5, .beta2 = 0.75, .epsilon = 0, .weight_decay = 0.5};
    const double m = 0.5 * 2 - 0.5 * 0.05, v = 0.75 * 4 + 0.25 * 0.0025;
    check_close(after(rule), {1.9, 1.9 - 0.1 * (m / 0.75) / math::sqrt(v / 0.4375)});
  }
  SECTION("Hugging Face's AdamW decays last: (2 - 0.1) (1 - 0.05)") {
    const hf_adamw rule{.beta1 = 0.5, .beta2 = 0.75, .epsilon = 0, .weight_decay = 0.5};
    CHECK(after(rule)[0] == Approx(1.805));
  }
  SECTION("without bias correction: m / √v = 1.5 / 1.5") {
    const hf_adamw rule{.beta1 = 0.5, .beta2 = 0.75, .epsilon = 0.5, .correct_bias = false};
    CHECK(after(rule)[0] == Approx(2 - 0.1 * 1.5 / 2.0));
  }
  SECTION("RMSprop: v = 9/4, then 27/16 + 1/4") {
    check_close(after(rmsprop{.smoothing = 0.75, .epsilon = 0}), {1.8, 1.8 + 0.1 / math::sqrt(1.9375)});
  }
  SECTION("centered: v - ḡ² = 9/4 - 9/16") {
    CHECK(after(centered_rmsprop{.smoothing = 0.75, .epsilon = 0})[0] == Approx(2 - 0.3 / math::sqrt(1.6875)));
  }
  SECTION("RMSprop with momentum: b = 2, then 1 - 1 / √1.9375") {
    const rmsprop_with_momentum rule{.momentum = 0.5, .smoothing = 0.75, .epsilon = 0};
    check_close(after(rule), {1.8, 1.8 - 0.1 * (1 - 1 / math::sqrt(1.9375))});
    CHECK(after(centered_rmsprop_with_momentum{.momentum = 0.5, .smoothing = 0.75, .epsilon = 0})[0] ==
          Approx(2 - 0.3 / math::sqrt(1.6875)));
  }
  SECTION("Adagrad: s = 7 + 9, then 17; the rate is 0.1 / 1.5") {
    const adagrad rule{.rate_decay = 0.5, .initial_sum = 7, .epsilon = 0};
    check_close(after(rule), {1.925, 1.925 + 0.1 / 1.5 / math::sqrt(17.0)});
  }
  SECTION("Lion: one down; then m = 1.5 says down although the gradient says up") {
    const lion rule{.beta1 = 0.75, .beta2 = 0.5, .weight_decay = 0.5};
    check_close(after(rule), {1.8, 1.8 * 0.95 - 0.1});
    CHECK(after_steps(lion{}, 2, {0}) == std::vector{2.0});
  }
  SECTION("Adafactor of a vector, fixed rate: β̂₂ = 0, then 1 - 1/√2") {
    const adafactor rule{.decay_rate = -0.5, .scale_parameter = false, .relative_step = false};
    const double kept = 1 - 1 / math::sqrt(2.0), v = kept * 9 + (1 - kept);
    check_close(after(rule), {1.9, 1.9 + 0.1 / math::sqrt(v)});
  }
  SECTION("Adafactor, relative: 0.01 RMS(θ), and 10⁻⁶ t while warming up") {
    CHECK(after(adafactor{})[0] == Approx(2 - 0.01 * 2).epsilon(1e-14));
    CHECK(after(adafactor{.warmup_init = true})[0] == Approx(2 - 1e-6 * 2).epsilon(1e-14));
    CHECK(after(adafactor{.clip_threshold = 0.25})[0] == Approx(2 - 0.01 * 2 * 0.25).epsilon(1e-14));
    CHECK(after(adafactor{.weight_decay = 0.5})[0] == Approx(2 - 0.01 * 2 - 0.01 * 2 * 0.5 * 2).epsilon(1e-14));
    CHECK(after(adafactor_with_momentum{.beta1 = 0.75})[0] == Approx(2 - 0.25 * 0.01 * 2).epsilon(1e-14));
  }
}

TEST_CASE("factors the second moment of a matrix in Adafactor") {
  // g² = {1, 4; 9, 16}: rows 2.5 and 12.5, columns 5 and 10, mean of the rows 7.5.
  const adafactor rule{.clip_threshold = 100, .scale_parameter = false, .relative_step = false};
  tensor_under_test<double, adafactor> tensor{rule, {2, 2}, {0, 0, 0, 0}};
  tensor.step({1, -2, 3, 4}, 1, 1);
  const auto moved = [](double g, double row, double column) { return -g / math::sqrt(row * column / 7.5); };
  check_close(tensor.values, {moved(1, 2.5, 5), moved(-2, 2.5, 10), moved(3, 12.5, 5), moved(4, 12.5, 10)});
  check_close(tensor.compact, {2.5, 12.5, 5, 10});
}

TEST_CASE("scales LAMB's step to the norm of the tensor") {
  SECTION("‖θ‖ = 5, u = ±1/√(1 - β₂) · (1 - β₁) before scaling: every element moves 0.1 · 5 / √2") {
    tensor_under_test<double, lamb> tensor{lamb{.epsilon = 0}, {2}, {3, 4}};
    tensor.step({7, -1}, 1, 0.1);
    check_close(tensor.values, {3 - 0.5 / math::sqrt(2.0), 4 + 0.5 / math::sqrt(2.0)});
  }
  SECTION("a norm above the largest counts as the largest") {
    tensor_under_test<double, lamb> tensor{lamb{.epsilon = 0}, {2}, {300, 400}};
    tensor.step({7, -1}, 1, 0.1);
    check_close(tensor.values, {300 - 1 / math::sqrt(2.0), 400 + 1 / math::sqrt(2.0)});
  }
  SECTION("a tensor of zeros moves by the plain step") {
    tensor_under_test<double, lamb> tensor{lamb{.beta1 = 0.5, .beta2 = 0.75, .epsilon = 0}, {2}, {0, 0}};
    tensor.step({7, -1}, 1, 0.1);
    check_close(tensor.values, {-0.1, 0.1});
  }
  SECTION("no gradient, no decay: nothing moves") {
    tensor_under_test<double, lamb> tensor{lamb{}, {2}, {3, 4}};
    tensor.step({0, 0}, 1, 0.1);
    CHECK(tensor.values == std::vector<double>{3, 4});
  }
}

template <Optimizer O> void check_decay(const O& decaying, const O& plain) {
  const auto run = [](const O& rule, bool decays) {
    tensor_under_test<double, O> tensor{rule, {3}, {1, -2, 3}, decays};
    for (int step = 1; step <= 3; ++step) tensor.step({0.5, 0.25, -1}, step, 0.1);
    return tensor.values;
  };
  CHECK(run(decaying, false) == run(plain, true));
  CHECK(run(decaying, true) != run(plain, true));
}

TEST_CASE("moves a tensor that does not decay as if there were no weight decay") {
  check_decay<sgd>({.weight_decay = 0.1}, {});
  check_decay<sgd_with_momentum>({.weight_decay = 0.1}, {});
  check_decay<adam>({.weight_decay = 0.1}, {});
  check_decay<adam_amsgrad>({.weight_decay = 0.1}, {});
  check_decay<adamw>({.weight_decay = 0.1}, {.weight_decay = 0});
  check_decay<adamw_amsgrad>({.weight_decay = 0.1}, {.weight_decay = 0});
  check_decay<hf_adamw>({.weight_decay = 0.1}, {});
  check_decay<rmsprop>({.weight_decay = 0.1}, {});
  check_decay<centered_rmsprop>({.weight_decay = 0.1}, {});
  check_decay<rmsprop_with_momentum>({.weight_decay = 0.1}, {});
  check_decay<adagrad>({.weight_decay = 0.1}, {});
  check_decay<lion>({.weight_decay = 0.1}, {});
  check_decay<lamb>({.weight_decay = 0.1}, {});
  check_decay<adafactor>({.weight_decay = 0.1}, {});
  check_decay<adafactor_with_momentum>({.rule = {.weight_decay = 0.1}}, {});
}

/// Whole packs and every remainder, against the scalar code in double.
template <Optimizer O> void check_packs(const O& optimizer) {
  for (const index_type columns : {1, 3, 4, 8, 15, 16, 17, 31, 33, 100, 1000}) {
    const std::vector<index_type> shape{3, columns};
    const auto start = normal_numbers<float>(3 * columns, 1);
    tensor_under_test<float, O> in_float{optimizer, shape, start};
    tensor_under_test<double, O> in_double{optimizer, shape, {start.begin(), start.end()}};
    for (int step = 1; step <= 3; ++step) {
      const auto gradient = normal_numbers<float>(3 * columns, 2 + unsigned(step));
      in_float.step(gradient, step, 0.01);
      in_double.step({gradient.begin(), gradient.end()}, step, 0.01);
    }
    double worst = 0;
    for (std::size_t i = 0; i < start.size(); ++i) {
      const double error = math::fabs(double(in_float.values[i]) - in_double.values[i]);
      worst = error >= worst ? error : worst;
      if (!(error < 1)) worst = 1;
    }
    INFO(columns);
    CHECK(worst < 2e-6);
  }
}

TEST_CASE("follows double in packs of float for every width") {
  check_packs(sgd{.weight_decay = 0.1});
  check_packs(sgd_with_momentum{.dampening = 0.1, .nesterov = true});
  check_packs(adam{.weight_decay = 0.1});
  check_packs(adamw{});
  check_packs(adamw_amsgrad{});
  check_packs(hf_adamw{.weight_decay = 0.1});
  check_packs(rmsprop{});
  check_packs(centered_rmsprop{.epsilon = 1e-3});
  check_packs(rmsprop_with_momentum{});
  check_packs(centered_rmsprop_with_momentum{.epsilon = 1e-3});
  check_packs(adagrad{});
  check_packs(lamb{.weight_decay = 0.1});
  check_packs(adafactor{.scale_parameter = false, .relative_step = false});
  check_packs(adafactor_with_momentum{.rule = {.weight_decay = 0.1}});
}

TEST_CASE("takes the signs of double in Lion with packs") {
  // Where b1 m + (1 - b1) g is far from 0, rounding cannot turn it.
  tensor_under_test<float, lion> tensor{lion{}, {35}, std::vector<float>(35)};
  std::vector<float> gradient;
  for (int i = 0; i < 35; ++i) gradient.push_back(i % 3 == 0 ? 0.0f : i % 3 == 1 ? 2.0f : -3.0f);
  tensor.step(gradient, 1, 0.5);
  for (std::size_t i = 0; i < 35; ++i) CHECK(tensor.values[i] == (i % 3 == 0 ? 0.0f : i % 3 == 1 ? -0.5f : 0.5f));
}

template <class S, Optimizer O> constexpr S stepped_in_constant_evaluation(const O& optimizer) {
  std::array<S, 20> values{}, gradient{};
  std::array<S, 60> state{};
  std::array<S, 20> compact{};
  for (std::size_t i = 0; i < 20; ++i) {
    values[i] = S(i);
    gradient[i] = S(10) - S(i);
  }
  const std::array<index_type, 2> shape{4, 5};
  tensor_update<S, O::state_arrays> update{.values = values.data(),
                                           .gradient = gradient.data(),
                                           .state = {},
                                           .shape = shape,
                                           .compact_state = compact.data()};
  for (std::size_t a = 0; a < update.state.size(); ++a) update.state[a] = state.data() + 20 * a;
  optimizer.update(update, {1, 0.5});
  return values[7];
}

template <class O>
constexpr bool moves_in_constant_evaluation =
    stepped_in_constant_evaluation<float>(O{}) < 7 && stepped_in_constant_evaluation<double>(O{}) < 7;

static_assert(moves_in_constant_evaluation<sgd> && moves_in_constant_evaluation<sgd_with_momentum>);
static_assert(moves_in_constant_evaluation<adam> && moves_in_constant_evaluation<adam_amsgrad>);
static_assert(moves_in_constant_evaluation<adamw> && moves_in_constant_evaluation<adamw_amsgrad>);
static_assert(moves_in_constant_evaluation<hf_adamw> && moves_in_constant_evaluation<adagrad>);
static_assert(moves_in_constant_evaluation<rmsprop> && moves_in_constant_evaluation<centered_rmsprop>);
static_assert(moves_in_constant_evaluation<rmsprop_with_momentum>);
static_assert(moves_in_constant_evaluation<centered_rmsprop_with_momentum>);
static_assert(moves_in_constant_evaluation<lion> && moves_in_constant_evaluation<lamb>);
static_assert(moves_in_constant_evaluation<adafactor> && moves_in_constant_evaluation<adafactor_with_momentum>);
static_assert(stepped_in_constant_evaluation<double>(sgd{}) == 7 - 0.5 * 3);

struct lacks_update {
  static constexpr int state_arrays = 1;
};
static_assert(Optimizer<adamw> && Optimizer<adafactor>);
static_assert(!Optimizer<lacks_update> && !Optimizer<int>);

}  // namespace
}  // namespace typeformer
