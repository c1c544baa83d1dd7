// SPDX-License-Identifier: BSL-1.0
#include <utility>

#include <support/finite_differences.hpp>
#include <typeformer/reference/first_row_pooling.hpp>

namespace typeformer {
namespace {

using namespace testing;

constexpr bool at_compile_time() {
  const double x[] = {1, 9, 30, 40, 5, 8}, dy[] = {2, 3};
  const std::uint8_t valid[] = {0, 1, 1};
  double y[2] = {}, dx[6] = {7, 7, 7, 7, 7, 7};
  reference::first_row_pooling<double>(3, 2, valid, {x, 2}, y);
  reference::first_row_pooling_back<double>(3, 2, valid, dy, {dx, 2});
  return y[0] == 30 && y[1] == 40 && dx[0] == 0 && dx[2] == 2 && dx[3] == 3 && dx[4] == 0 && dx[5] == 0;
}
static_assert(at_compile_time());

TEST_CASE("matches finite differences: gradient of first_row_pooling of all rows and of valid rows") {
  const index_type rows = 5, width = 3;
  const std::vector<std::uint8_t> some{0, 1, 1, 0, 1};
  for (const std::uint8_t* const valid : {static_cast<const std::uint8_t*>(nullptr), some.data()}) {
    auto x = normal_numbers(rows * width, 1);
    const auto dy = normal_numbers(width, 2);
    std::vector<double> dx(x.size(), 7), y(dy.size());
    reference::first_row_pooling_back<double>(rows, width, valid, dy.data(), rows_of(dx, width));
    check_gradient(x, dx, [&] {
      reference::first_row_pooling<double>(rows, width, valid, rows_of(std::as_const(x), width), y.data());
      return dot(y, dy);
    });
  }
}

TEST_CASE("gives zero for first_row_pooling of no valid row") {
  const std::vector<double> x{1, 2}, dy{3, 4};
  const std::vector<std::uint8_t> none{0};
  std::vector<double> y(2, 7), dx(2, 7);
  reference::first_row_pooling<double>(1, 2, none.data(), rows_of(x, 2), y.data());
  CHECK(y == std::vector<double>{0, 0});
  reference::first_row_pooling_back<double>(1, 2, none.data(), dy.data(), rows_of(dx, 2));
  CHECK(dx == std::vector<double>{0, 0});
  y.assign(2, 7);
  reference::first_row_pooling<double>(0, 2, nullptr, rows_of(x, 2), y.data());
  CHECK(y == std::vector<double>{0, 0});
}

}  // namespace
}  // namespace typeformer
