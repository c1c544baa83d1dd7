// SPDX-License-Identifier: BSL-1.0
#include <support/finite_differences.hpp>
#include <typeformer/activations/squared_relu.hpp>
#include <typeformer/kernels/activation.hpp>
#include <typeformer/kernels/activation_back.hpp>

namespace typeformer {
namespace {

using namespace testing;

static_assert(squared_relu::value(1.5) == 2.25 && squared_relu::derivative(1.5) == 3);
static_assert(squared_relu::value(-1.5) == 0 && squared_relu::derivative(-1.5) == 0);
static_assert(squared_relu::value(0.0) == 0 && squared_relu::derivative(0.0) == 0);

TEST_CASE("matches finite differences: gradient of squared_relu") {
  std::vector<double> x{-7, -0.1, 0.3, 2, 25}, dx(x.size(), 1);
  const index_type width = static_cast<index_type>(x.size());
  reference::activate_back<squared_relu, double>(1, width, rows_of(x, width), rows_of(dx, width), rows_of(dx, width));
  check_gradient(x, dx, [&] {
    double sum = 0;
    for (const double number : x) sum += squared_relu::value(number);
    return sum;
  });
}

TEST_CASE("matches the scalar function: squared_relu in packs") {
  const auto x = normal_numbers<float>(67, 5);
  std::vector<float> y(x.size()), dx(x.size()), dy(x.size(), 1);
  const index_type width = static_cast<index_type>(x.size());
  const inline_workers workers{};
  kernels::activate<squared_relu, float>(1, width, rows_of(x, width), rows_of(y, width), workers);
  kernels::activate_back<squared_relu, float>(1, width, rows_of(x, width), rows_of(dy, width), rows_of(dx, width),
                                              workers);
  for (std::size_t i = 0; i < x.size(); ++i) {
    CHECK(y[i] == squared_relu::value(x[i]));
    CHECK(dx[i] == squared_relu::derivative(x[i]));
  }
}

}  // namespace
}  // namespace typeformer
