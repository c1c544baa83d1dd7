// SPDX-License-Identifier: BSL-1.0
#include <support/finite_differences.hpp>
#include <typeformer/reference/max_pooling.hpp>

namespace typeformer {
namespace {

using namespace testing;

constexpr bool at_compile_time() {
  const double x[] = {1, 8, 30, 40, 5, 8};
  const std::uint8_t valid[] = {1, 0, 1}, none[] = {0, 0, 0};
  double y[2] = {}, dx[6] = {7, 7, 7, 7, 7, 7}, nothing[2] = {1, 1};
  reference::max_pooling<double>(3, 2, valid, {x, 2}, y);
  reference::max_pooling_back<double>(3, 2, valid, {x, 2}, y, {dx, 2});
  reference::max_pooling<double>(3, 2, none, {x, 2}, nothing);
  // Of equal numbers, the gradient goes to the first.
  return y[0] == 5 && y[1] == 8 && dx[0] == 0 && dx[1] == 8 && dx[2] == 0 && dx[4] == 5 && dx[5] == 0 &&
         nothing[0] == 0 && nothing[1] == 0;
}
static_assert(at_compile_time());

TEST_CASE("matches finite differences: gradient of max_pooling of all rows and of valid rows") {
  const index_type rows = 5, width = 3;
  const std::vector<std::uint8_t> some{0, 1, 1, 0, 1};
  for (const std::uint8_t* const valid : {static_cast<const std::uint8_t*>(nullptr), some.data()}) {
    auto x = normal_numbers(rows * width, 1);
    const auto dy = normal_numbers(width, 2);
    std::vector<double> dx(x.size(), 7);
    reference::max_pooling_back<double>(rows, width, valid, rows_of(std::as_const(x), width), dy.data(),
                                        rows_of(dx, width));
    check_gradient(x, dx, [&] {
      std::vector<double> y(dy.size());
      reference::max_pooling<double>(rows, width, valid, rows_of(std::as_const(x), width), y.data());
      return dot(y, dy);
    });
  }
}

TEST_CASE("reads no invalid rows in max_pooling, and gives zero without valid rows") {
  const double nan = NAN;
  const std::vector<double> x{nan, nan, -1, 2, nan, nan};
  const std::vector<std::uint8_t> middle{0, 1, 0}, none{0, 0, 0};
  std::vector<double> y(2, nan), dx(6, nan);
  reference::max_pooling<double>(3, 2, middle.data(), rows_of(x, 2), y.data());
  CHECK(y == std::vector<double>{-1, 2});
  reference::max_pooling<double>(3, 2, none.data(), rows_of(x, 2), y.data());
  CHECK(y == std::vector<double>{0, 0});
  reference::max_pooling_back<double>(3, 2, none.data(), rows_of(x, 2), x.data() + 2, rows_of(dx, 2));
  CHECK(dx == std::vector<double>(6, 0.0));
}

}  // namespace
}  // namespace typeformer
