// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <limits>

#include <support/catch.hpp>

#include <typeformer/simd/math.hpp>

namespace {

using pack = typeformer::simd::pack<float>;

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();

/// The value in the last lane, with other values in the rest.
template <class F> float in_last_lane(F f, float x) {
  float v[pack::lanes];
  for (float& other : v) other = 0.5f;
  v[pack::lanes - 1] = x;
  f(pack::load(v)).store(v);
  return v[pack::lanes - 1];
}

/// The largest relative error over an even sweep of [low, high], against the standard library in double.
template <class F, class Exact> double worst_relative_error(F f, Exact exact, double low, double high) {
  constexpr int steps = 400'000;
  double worst = 0;
  for (int step = 0; step <= steps; ++step) {
    const auto x = static_cast<float>(low + (high - low) * step / steps);
    const double truth = exact(static_cast<double>(x)), value = static_cast<double>(in_last_lane(f, x));
    const double error = truth == 0.0 ? std::fabs(value) : std::fabs(value - truth) / std::fabs(truth);
    if (std::isnan(error)) return error;
    worst = std::max(worst, error);
  }
  return worst;
}

constexpr auto exp_ = [](pack x) { return exp(x); };
constexpr auto tanh_ = [](pack x) { return tanh(x); };
constexpr auto erf_ = [](pack x) { return erf(x); };

}  // namespace

TEST_CASE("computes exp within two units in the last place") {
  const auto exact = [](double x) { return std::exp(x); };
  CHECK(worst_relative_error(exp_, exact, -86.9, 88.72) < 2.4e-7);
  CHECK(worst_relative_error(exp_, exact, -1.0, 1.0) < 1.8e-7);
  CHECK(in_last_lane(exp_, 0.0f) == 1.0f);
}

TEST_CASE("underflows exp to zero, overflows it to infinity, and keeps NaN") {
  for (const float x : {-87.4f, -100.0f, -1e30f, -infinity}) CHECK(in_last_lane(exp_, x) == 0.0f);
  for (const float x : {88.73f, 89.0f, 100.0f, 1e30f, infinity}) CHECK(in_last_lane(exp_, x) == infinity);
  CHECK(std::isnan(in_last_lane(exp_, not_a_number)));
  for (float x = -87.4f; x < -86.9f; x += 1e-4f) {
    const float y = in_last_lane(exp_, x);
    CHECK((y == 0.0f || std::fabs(static_cast<double>(y) / std::exp(static_cast<double>(x)) - 1) < 2.4e-7));
  }
}

TEST_CASE("computes tanh within 3e-7, odd and bounded") {
  const auto exact = [](double x) { return std::tanh(x); };
  CHECK(worst_relative_error(tanh_, exact, -12.0, 12.0) < 3e-7);
  CHECK(worst_relative_error(tanh_, exact, -1e-3, 1e-3) < 3e-7);
  for (const float x : {10.0f, 50.0f, 100.0f, 1e30f, infinity}) {
    CHECK(in_last_lane(tanh_, x) == 1.0f);
    CHECK(in_last_lane(tanh_, -x) == -1.0f);
  }
  CHECK(std::signbit(in_last_lane(tanh_, -0.0f)));
  CHECK(std::isnan(in_last_lane(tanh_, not_a_number)));
}

TEST_CASE("computes erf within 5e-7, odd and bounded") {
  const auto exact = [](double x) { return std::erf(x); };
  CHECK(worst_relative_error(erf_, exact, -6.0, 6.0) < 5e-7);
  CHECK(worst_relative_error(erf_, exact, -1e-3, 1e-3) < 5e-7);
  for (const float x : {4.0f, 50.0f, 1e30f, infinity}) {
    CHECK(in_last_lane(erf_, x) == 1.0f);
    CHECK(in_last_lane(erf_, -x) == -1.0f);
  }
  CHECK(std::signbit(in_last_lane(erf_, -0.0f)));
  CHECK(std::isnan(in_last_lane(erf_, not_a_number)));
}
