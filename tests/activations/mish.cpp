// SPDX-License-Identifier: BSL-1.0
#include <support/finite_differences.hpp>
#include <typeformer/activations/mish.hpp>
#include <typeformer/kernels/activation.hpp>
#include <typeformer/kernels/activation_back.hpp>

namespace typeformer {
namespace {

using namespace testing;

// PyTorch 1.13, float64.
static_assert(math::fabs(mish::value(1.0) - 0.8650983882673103) < 1e-15);
static_assert(math::fabs(mish::value(-1.0) + 0.30340146137410895) < 1e-15);
static_assert(mish::value(0.0) == 0 && mish::derivative(0.0) == 0.6);

TEST_CASE("matches finite differences: gradient of mish") {
  std::vector<double> x{-7, -2.5, -1.2, -0.1, 0, 0.3, 2, 6, 19.9, 25}, dx(x.size(), 1);
  const index_type width = static_cast<index_type>(x.size());
  reference::activate_back<mish, double>(1, width, rows_of(x, width), rows_of(dx, width), rows_of(dx, width));
  check_gradient(x, dx, [&] {
    double sum = 0;
    for (const double number : x) sum += mish::value(number);
    return sum;
  });
}

TEST_CASE("stays finite far from zero, and is the identity for large numbers: mish") {
  for (const double x : {-1e4, -100.0, 20.0, 100.0, 1e4}) {
    CHECK(mish::value(x) == Approx(x > 0 ? x : 0).margin(1e-40));
    CHECK(mish::value(static_cast<float>(x)) == Approx(x > 0 ? x : 0).margin(1e-36));
    CHECK(mish::derivative(static_cast<float>(x)) == Approx(x > 0 ? 1 : 0).margin(1e-36));
  }
}

TEST_CASE("matches the scalar function: mish in packs") {
  auto x = normal_numbers<float>(67, 3);
  for (float& number : x) number *= 8;
  std::vector<float> y(x.size()), dx(x.size()), dy(x.size(), 1);
  const index_type width = static_cast<index_type>(x.size());
  const inline_workers workers{};
  kernels::activate<mish, float>(1, width, rows_of(x, width), rows_of(y, width), workers);
  kernels::activate_back<mish, float>(1, width, rows_of(x, width), rows_of(dy, width), rows_of(dx, width), workers);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double expected = mish::value(double(x[i]));
    CHECK(std::abs(double(y[i]) - expected) < 1e-6 + 1e-6 * std::abs(expected));
    CHECK(std::abs(double(dx[i]) - mish::derivative(double(x[i]))) < 3e-6);
  }
}

}  // namespace
}  // namespace typeformer
