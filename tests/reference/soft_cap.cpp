// SPDX-License-Identifier: BSL-1.0
#include <support/finite_differences.hpp>
#include <typeformer/reference/soft_cap.hpp>

namespace typeformer {
namespace {

using namespace testing;

constexpr double capped(double x, double cap) {
  double y = 0;
  reference::soft_cap<double>(1, 1, {&x, 1}, cap, {&y, 1});
  return y;
}
// Python's math.tanh.
static_assert(math::fabs(capped(50, 30) - 27.93328826002733) < 1e-13);
static_assert(math::fabs(capped(-1, 2) + 0.9242343145200195) < 1e-15);
static_assert(capped(0, 50) == 0 && capped(1e9, 50) == 50);

TEST_CASE("matches finite differences: gradient of soft_cap") {
  const index_type rows = 3, width = 5;
  auto x = normal_numbers(rows * width, 1);
  const auto dy = normal_numbers(rows * width, 2);
  std::vector<double> y = x, dx = dy;
  reference::soft_cap<double>(rows, width, rows_of(y, width), 1.5, rows_of(y, width));  // in place
  reference::soft_cap_back<double>(rows, width, rows_of(y, width), 1.5, rows_of(dx, width), rows_of(dx, width));
  check_gradient(x, dx, [&] {
    reference::soft_cap<double>(rows, width, rows_of(x, width), 1.5, rows_of(y, width));
    return dot(y, dy);
  });
}

}  // namespace
}  // namespace typeformer
