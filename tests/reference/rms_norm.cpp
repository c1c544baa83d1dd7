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

template <norm_gain Gain> void check_gradients() {
  const index_type rows = 3, width = 7;
  auto x = normal_numbers(rows * width, 1), weight = normal_numbers(width, 2);
  const auto dy = normal_numbers(rows * width, 4);
  std::vector<double> inverse_rms(rows);
  const auto loss = [&] {
    std::vector<double> y(dy.size());
    reference::rms_norm<double, Gain>(rows, width, rows_of(x, width), weight.data(), 1e-6, rows_of(y, width),
                                      inverse_rms.data());
    return dot(y, dy);
  };
  loss();
  std::vector<double> dx = dy, dweight(weight.size(), 1);
  reference::rms_norm_back<double, Gain>(rows, width, rows_of(x, width), inverse_rms.data(), weight.data(),
                                         rows_of(dx, width), rows_of(dx, width), dweight.data());  // in place
  for (double& d : dweight) d -= 1;
  check_gradient(x, dx, loss);
  if constexpr (Gain != norm_gain::one) check_gradient(weight, dweight, loss);
  else CHECK(dweight == std::vector<double>(weight.size()));
}

TEST_CASE("matches finite differences: gradients of rms_norm, accumulated for parameters") {
  SECTION("weight") { check_gradients<norm_gain::weight>(); }
  SECTION("1 + weight") { check_gradients<norm_gain::one_plus_weight>(); }
  SECTION("no weight") { check_gradients<norm_gain::one>(); }
}

TEST_CASE("adds 1 to the weights of rms_norm, or needs none") {
  const double x[] = {1, 7}, weight[] = {4, 9};
  double y[2] = {};
  reference::rms_norm<double, norm_gain::one_plus_weight>(1, 2, {x, 2}, weight, 0.0, {y, 2}, nullptr);
  CHECK(y[0] == Approx(1));
  CHECK(y[1] == Approx(14));
  reference::rms_norm<double, norm_gain::one>(1, 2, {x, 2}, nullptr, 0.0, {y, 2}, nullptr);
  CHECK(y[1] == Approx(1.4));
}

}  // namespace
}  // namespace typeformer
