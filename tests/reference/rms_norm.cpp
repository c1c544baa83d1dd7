// SPDX-License-Identifier: BSL-1.0
#include <support/finite_differences.hpp>
#include <typeformer/reference/rms_norm.hpp>

namespace typeformer {
namespace {

using namespace testing;

constexpr bool at_compile_time() {
  const double x[] = {1, 7}, weight[] = {5, 10};
  double y[2] = {}, inverse_rms[1] = {};
  reference::rms_norm<double>(1, 2, {x, 2}, weight, 0.0, {y, 2}, inverse_rms);
  double dx[2] = {}, dweight[2] = {};
  reference::rms_norm_back<double>(1, 2, {x, 2}, inverse_rms, weight, {y, 2}, {dx, 2}, dweight);
  return math::fabs(y[0] - 1) < 1e-15 && math::fabs(y[1] - 14) < 1e-14 && inverse_rms[0] == 0.2;
}
static_assert(at_compile_time());

TEST_CASE("matches finite differences: gradients of rms_norm, accumulated for parameters") {
  const index_type rows = 3, width = 7;
  auto x = normal_numbers(rows * width, 1), weight = normal_numbers(width, 2);
  const auto dy = normal_numbers(rows * width, 4);
  std::vector<double> inverse_rms(rows);
  const auto loss = [&] {
    std::vector<double> y(dy.size());
    reference::rms_norm<double>(rows, width, rows_of(x, width), weight.data(), 1e-6, rows_of(y, width),
                                inverse_rms.data());
    return dot(y, dy);
  };
  loss();
  std::vector<double> dx = dy, dweight(weight.size(), 1);
  reference::rms_norm_back<double>(rows, width, rows_of(x, width), inverse_rms.data(), weight.data(),
                                   rows_of(dx, width), rows_of(dx, width), dweight.data());  // in place
  for (double& d : dweight) d -= 1;
  check_gradient(x, dx, loss);
  check_gradient(weight, dweight, loss);
}

}  // namespace
}  // namespace typeformer
