// SPDX-License-Identifier: BSL-1.0
#include <support/finite_differences.hpp>
#include <typeformer/activations/hard_swish.hpp>
#include <typeformer/kernels/activation.hpp>
#include <typeformer/kernels/activation_back.hpp>

namespace typeformer {
namespace {

using namespace testing;

// PyTorch 1.13, float64.
static_assert(math::fabs(hard_swish::value(1.0) - 0.6666666666666666) < 1e-15);
static_assert(math::fabs(hard_swish::value(-2.5) + 0.20833333333333334) < 1e-15);
static_assert(hard_swish::value(3.0) == 3 && hard_swish::value(100.0F) == 100 && hard_swish::value(-100.0F) == 0);
static_assert(hard_swish::derivative(-3.0) == 0 && hard_swish::derivative(3.0) == 1 &&
              hard_swish::derivative(0.0) == 0.5);

TEST_CASE("matches finite differences: gradient of hard_swish, between the corners and beyond") {
  std::vector<double> x{-7, -3.5, -2.9, -1, 0, 0.3, 2.9, 3.5, 7}, dx(x.size(), 1);
  const index_type width = static_cast<index_type>(x.size());
  reference::activate_back<hard_swish, double>(1, width, rows_of(x, width), rows_of(dx, width), rows_of(dx, width));
  check_gradient(x, dx, [&] {
    double sum = 0;
    for (const double number : x) sum += hard_swish::value(number);
    return sum;
  });
}

TEST_CASE("matches the scalar function: hard_swish in packs") {
  auto x = normal_numbers<float>(67, 3);
  for (float& number : x) number *= 4;
  x[0] = -3, x[1] = 3;
  std::vector<float> y(x.size()), dx(x.size()), dy(x.size(), 1);
  const index_type width = static_cast<index_type>(x.size());
  const inline_workers workers{};
  kernels::activate<hard_swish, float>(1, width, rows_of(x, width), rows_of(y, width), workers);
  kernels::activate_back<hard_swish, float>(1, width, rows_of(x, width), rows_of(dy, width), rows_of(dx, width),
                                            workers);
  for (std::size_t i = 0; i < x.size(); ++i) {
    CHECK(std::abs(double(y[i]) - hard_swish::value(double(x[i]))) < 2e-6);
    CHECK(std::abs(double(dx[i]) - hard_swish::derivative(double(x[i]))) < 2e-6);
  }
}

}  // namespace
}  // namespace typeformer
