// SPDX-License-Identifier: BSL-1.0
#include <support/finite_differences.hpp>
#include <typeformer/reference/linear.hpp>

namespace typeformer {
namespace {

using namespace testing;

constexpr bool at_compile_time() {
  const double x[] = {1, 2, 3, 4}, w[] = {1, 10, 100, 1000, 0, 1}, bias[] = {0.5, 0, -1};
  double y[6] = {};
  reference::linear<double>(2, {x, 2}, row_major_view<const double>{w, 3, 2}, bias, {y, 3});
  return y[0] == 21.5 && y[1] == 2100 && y[2] == 1 && y[3] == 43.5 && y[4] == 4300 && y[5] == 3;
}
static_assert(at_compile_time());

TEST_CASE("matches finite differences: gradients of linear, accumulated for parameters") {
  const index_type rows = 3, inputs = 4, outputs = 5;
  auto x = normal_numbers(rows * inputs, 1), w = normal_numbers(outputs * inputs, 2), bias = normal_numbers(outputs, 3);
  const auto dy = normal_numbers(rows * outputs, 4);
  const row_major_view<const double> weight{w.data(), outputs, inputs};
  const auto loss = [&] {
    std::vector<double> y(dy.size());
    reference::linear<double>(rows, rows_of(x, inputs), weight, bias.data(), rows_of(y, outputs));
    return dot(y, dy);
  };
  std::vector<double> dx(x.size(), 9), dw(w.size(), 1), dbias(bias.size(), 1);
  reference::linear_back<double>(rows, rows_of(x, inputs), weight, rows_of(dy, outputs), rows_of(dx, inputs),
                                 {dw.data(), outputs, inputs}, dbias.data());
  for (double& d : dw) d -= 1;
  for (double& d : dbias) d -= 1;
  check_gradient(x, dx, loss);
  check_gradient(w, dw, loss);
  check_gradient(bias, dbias, loss);
}

TEST_CASE("accepts a null bias of linear, and computes no null gradients") {
  const double x[] = {2}, w[] = {3}, dy[] = {5};
  double y[1], dx[1] = {0};
  const row_major_view<const double> weight{w, 1, 1};
  reference::linear<double>(1, {x, 1}, weight, nullptr, {y, 1});
  CHECK(y[0] == 6);
  reference::linear_back<double>(1, {x, 1}, weight, {dy, 1}, {dx, 1}, {}, nullptr);
  CHECK(dx[0] == 15);
}

}  // namespace
}  // namespace typeformer
