// SPDX-License-Identifier: BSL-1.0
#include <support/finite_differences.hpp>
#include <typeformer/reference/frozen_batch_norm.hpp>

namespace typeformer {
namespace {

using namespace testing;

constexpr bool at_compile_time() {
  const double x[] = {3, 10}, weight[] = {2, 1}, bias[] = {1, 0}, mean[] = {1, 4}, variance[] = {3.75, 8.75};
  double y[2] = {};
  reference::frozen_batch_norm<double>(1, 2, 0.25, {x, 2}, weight, bias, mean, variance, {y, 2});
  return y[0] == 3 && y[1] == 2;  // (3 − 1) / 2 · 2 + 1 and (10 − 4) / 3
}
static_assert(at_compile_time());

TEST_CASE("matches finite differences: gradients of frozen_batch_norm") {
  const index_type rows = 4, width = 3;
  auto x = normal_numbers(rows * width, 1), weight = normal_numbers(width, 2), bias = normal_numbers(width, 3);
  const auto mean = normal_numbers(width, 4), dy = normal_numbers(rows * width, 5);
  const std::vector<double> variance{0.5, 2, 0};
  std::vector<double> dx(x.size()), dweight(3), dbias(3), y(x.size());
  reference::frozen_batch_norm_back<double>(rows, width, 0.1, rows_of(std::as_const(x), width), weight.data(),
                                            mean.data(), variance.data(), rows_of(dy, width), rows_of(dx, width),
                                            dweight.data(), dbias.data());
  const auto loss = [&] {
    reference::frozen_batch_norm<double>(rows, width, 0.1, rows_of(std::as_const(x), width), weight.data(), bias.data(),
                                         mean.data(), variance.data(), rows_of(y, width));
    return dot(y, dy);
  };
  check_gradient(x, dx, loss);
  check_gradient(weight, dweight, loss);
  check_gradient(bias, dbias, loss);
}

}  // namespace
}  // namespace typeformer
