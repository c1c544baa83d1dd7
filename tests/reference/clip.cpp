// SPDX-License-Identifier: BSL-1.0
#include <support/finite_differences.hpp>
#include <typeformer/reference/clip.hpp>

namespace typeformer {
namespace {

using namespace testing;

constexpr double clipped(double x, double limit) {
  reference::clip<double>(1, 1, {&x, 1}, limit, {&x, 1});  // in place
  return x;
}
static_assert(clipped(0.3, 0.5) == 0.3 && clipped(-0.3, 0.5) == -0.3);
static_assert(clipped(7, 0.5) == 0.5 && clipped(-7, 0.5) == -0.5);

TEST_CASE("matches finite differences: gradient of clip") {
  const index_type rows = 3, width = 5;
  auto x = normal_numbers(rows * width, 1);
  const auto dy = normal_numbers(rows * width, 2);
  std::vector<double> y = x, dx = dy;
  reference::clip<double>(rows, width, rows_of(y, width), 0.6, rows_of(y, width));
  reference::clip_back<double>(rows, width, rows_of(y, width), 0.6, rows_of(dx, width), rows_of(dx, width));
  check_gradient(x, dx, [&] {
    reference::clip<double>(rows, width, rows_of(x, width), 0.6, rows_of(y, width));
    return dot(y, dy);
  });
}

}  // namespace
}  // namespace typeformer
