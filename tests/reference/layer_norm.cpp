// SPDX-License-Identifier: BSL-1.0
#include <support/finite_differences.hpp>
#include <typeformer/reference/layer_norm.hpp>

namespace typeformer {
namespace {

using namespace testing;

constexpr bool at_compile_time() {
  const double x[] = {1, 3}, weight[] = {1, 2}, bias[] = {0, 10};
  double y[2] = {}, statistics[2] = {};
  reference::layer_norm<double>(1, 2, {x, 2}, weight, bias, 0.0, {y, 2}, statistics);
  const double dy[] = {1, 1};
  double dx[2] = {}, dweight[2] = {}, dbias[2] = {};
  reference::layer_norm_back<double>(1, 2, {x, 2}, statistics, weight, {dy, 2}, {dx, 2}, dweight, dbias);
  return y[0] == -1 && y[1] == 12 && statistics[0] == 1 && statistics[1] == 1 && dbias[0] == 1 && dweight[1] == 1;
}
static_assert(at_compile_time());

template <norm_gain Gain> void check_gradients() {
  const index_type rows = 3, width = 7;
  auto x = normal_numbers(rows * width, 1), weight = normal_numbers(width, 2), bias = normal_numbers(width, 3);
  const auto dy = normal_numbers(rows * width, 4);
  std::vector<double> statistics(2 * rows);
  const auto loss = [&] {
    std::vector<double> y(dy.size());
    reference::layer_norm<double, Gain>(rows, width, rows_of(x, width), weight.data(), bias.data(), 1e-5,
                                        rows_of(y, width), statistics.data());
    return dot(y, dy);
  };
  loss();
  std::vector<double> dx = dy, dweight(weight.size(), 1), dbias(bias.size(), 1);
  reference::layer_norm_back<double, Gain>(rows, width, rows_of(x, width), statistics.data(), weight.data(),
                                           rows_of(dx, width), rows_of(dx, width), dweight.data(),
                                           dbias.data());  // in place
  for (double& d : dweight) d -= 1;
  for (double& d : dbias) d -= 1;
  check_gradient(x, dx, loss);
  check_gradient(bias, dbias, loss);
  if constexpr (Gain != norm_gain::one) check_gradient(weight, dweight, loss);
  else CHECK(dweight == std::vector<double>(weight.size()));
}

TEST_CASE("matches finite differences: gradients of layer_norm, accumulated for parameters") {
  SECTION("weight") { check_gradients<norm_gain::weight>(); }
  SECTION("1 + weight") { check_gradients<norm_gain::one_plus_weight>(); }
  SECTION("no weight") { check_gradients<norm_gain::one>(); }
}

}  // namespace
}  // namespace typeformer
