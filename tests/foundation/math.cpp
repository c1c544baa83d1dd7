// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <cmath>
#include <limits>

#include <support/catch.hpp>
#include <typeformer/foundation/math.hpp>

namespace typeformer {
namespace {

constexpr int points = 200;

/// f at 200 points of [first, last], evaluated by the compiler.
template <class F> constexpr auto table(F f, double first, double last) {
  std::array<double, points> values{};
  for (int i = 0; i < points; ++i) values[static_cast<std::size_t>(i)] = f(first + (last - first) * i / (points - 1));
  return values;
}

double relative_error(double value, double expected) {
  return value == expected ? 0 : std::abs(value - expected) / std::abs(expected);
}

template <class F>
double worst_relative_error(const std::array<double, points>& values, F standard, double first, double last) {
  double worst = 0;
  for (int i = 0; i < points; ++i)
    worst = std::max(worst, relative_error(values[static_cast<std::size_t>(i)],
                                           standard(first + (last - first) * i / (points - 1))));
  return worst;
}

TEST_CASE("agrees with the standard library in constant evaluation") {
  constexpr auto exps = table([](double x) { return math::exp(x); }, -700, 700);
  CHECK(worst_relative_error(
            exps, [](double x) { return std::exp(x); }, -700, 700) < 2e-15);
  constexpr auto logs = table([](double x) { return math::log(x); }, 0.01, 1000);
  CHECK(worst_relative_error(
            logs, [](double x) { return std::log(x); }, 0.01, 1000) < 2e-15);
  constexpr auto roots = table([](double x) { return math::sqrt(x); }, 0, 1e6);
  CHECK(worst_relative_error(
            roots, [](double x) { return std::sqrt(x); }, 0, 1e6) < 2e-15);
  constexpr auto tanhs = table([](double x) { return math::tanh(x); }, -9, 9.1);
  CHECK(worst_relative_error(
            tanhs, [](double x) { return std::tanh(x); }, -9, 9.1) < 2e-15);
  constexpr auto erfs = table([](double x) { return math::erf(x); }, -6.5, 6.6);
  CHECK(worst_relative_error(
            erfs, [](double x) { return std::erf(x); }, -6.5, 6.6) < 2e-15);
  constexpr auto powers = table([](double y) { return math::pow(10000.0, y); }, -1, 1);
  CHECK(worst_relative_error(
            powers, [](double y) { return std::pow(10000.0, y); }, -1, 1) < 5e-15);
  constexpr auto sines = table([](double x) { return math::sin(x); }, -9000, 9000.5);
  constexpr auto cosines = table([](double x) { return math::cos(x); }, -9000, 9000.5);
  for (int i = 0; i < points; ++i) {
    const double x = -9000 + 18000.5 * i / (points - 1);
    CHECK(std::abs(sines[static_cast<std::size_t>(i)] - std::sin(x)) < 1e-15);
    CHECK(std::abs(cosines[static_cast<std::size_t>(i)] - std::cos(x)) < 1e-15);
  }
}

TEST_CASE("keeps special values in constant evaluation") {
  constexpr double infinity = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  STATIC_REQUIRE(math::exp(infinity) == infinity);
  STATIC_REQUIRE(math::exp(-infinity) == 0);
  STATIC_REQUIRE(math::exp(nan) != math::exp(nan));
  STATIC_REQUIRE(math::exp(0.0) == 1);
  STATIC_REQUIRE(math::log(0.0) == -infinity);
  STATIC_REQUIRE(math::log(-1.0) != math::log(-1.0));
  STATIC_REQUIRE(math::log(infinity) == infinity);
  STATIC_REQUIRE(math::sqrt(0.0) == 0);
  STATIC_REQUIRE(math::sqrt(-1.0) != math::sqrt(-1.0));
  STATIC_REQUIRE(math::tanh(infinity) == 1);
  STATIC_REQUIRE(math::erf(-infinity) == -1);
  STATIC_REQUIRE(math::erf(0.0) == 0);
  STATIC_REQUIRE(math::pow(0.0, 2.0) == 0);
  STATIC_REQUIRE(math::pow(2.0, 0.0) == 1);
  STATIC_REQUIRE(math::fabs(math::pow(-2.0, 3.0) + 8) < 1e-14);
  STATIC_REQUIRE(math::pow(-2.0, 0.5) != math::pow(-2.0, 0.5));
  STATIC_REQUIRE(math::fabs(-3.0F) == 3.0F);
  STATIC_REQUIRE(math::greater(1.0F, 2.0F) == 2.0F);
  constexpr double denormal_root = math::sqrt(4e-320), denormal_log = math::log(4e-320);
  CHECK(relative_error(denormal_root, std::sqrt(4e-320)) < 1e-15);
  CHECK(relative_error(denormal_log, std::log(4e-320)) < 1e-15);
}

TEST_CASE("rounds the double in constant evaluation and calls the standard function at run time") {
  constexpr float in_constant_evaluation = math::exp(1.5F);
  CHECK(in_constant_evaluation == static_cast<float>(std::exp(1.5)));
  for (float x = -3.0F; x < 3.0F; x += 0.37F) {
    CHECK(math::tanh(x) == std::tanh(x));
    CHECK(math::erf(static_cast<double>(x)) == std::erf(static_cast<double>(x)));
  }
}

}  // namespace
}  // namespace typeformer
