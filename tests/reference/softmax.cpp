// SPDX-License-Identifier: BSL-1.0
#include <support/finite_differences.hpp>
#include <typeformer/reference/softmax.hpp>

namespace typeformer {
namespace {

using namespace testing;

constexpr bool at_compile_time() {
  const double x[] = {1000, 1000, 0};
  double y[3] = {}, dx[3] = {};
  reference::log_softmax<double>(1, 3, {x, 3}, {y, 3});
  if (math::fabs(y[0] + 0.6931471805599453) > 1e-12) return false;
  reference::log_softmax_back<double>(1, 3, {y, 3}, {x, 3}, {dx, 3});
  reference::softmax<double>(1, 3, {x, 3}, {y, 3});
  reference::softmax_back<double>(1, 3, {y, 3}, {x, 3}, {dx, 3});
  return y[0] == 0.5 && y[1] == 0.5 && y[2] == 0 && dx[0] == 0;
}
static_assert(at_compile_time());

TEST_CASE("matches finite differences: gradients of softmax and log_softmax") {
  const index_type rows = 3, width = 6;
  auto x = normal_numbers(rows * width, 1);
  const auto dy = normal_numbers(rows * width, 2);
  std::vector<double> dx = dy, y = x;
  SECTION("softmax") {
    reference::softmax<double>(rows, width, rows_of(y, width), rows_of(y, width));  // in place
    reference::softmax_back<double>(rows, width, rows_of(y, width), rows_of(dx, width), rows_of(dx, width));
    check_gradient(x, dx, [&] {
      reference::softmax<double>(rows, width, rows_of(x, width), rows_of(y, width));
      return dot(y, dy);
    });
  }
  SECTION("log_softmax") {
    reference::log_softmax<double>(rows, width, rows_of(y, width), rows_of(y, width));  // in place
    reference::log_softmax_back<double>(rows, width, rows_of(y, width), rows_of(dx, width), rows_of(dx, width));
    check_gradient(x, dx, [&] {
      reference::log_softmax<double>(rows, width, rows_of(x, width), rows_of(y, width));
      return dot(y, dy);
    });
  }
}

}  // namespace
}  // namespace typeformer
