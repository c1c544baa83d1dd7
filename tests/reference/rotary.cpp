// SPDX-License-Identifier: BSL-1.0
#include <support/finite_differences.hpp>
#include <typeformer/reference/rotary.hpp>

namespace typeformer {
namespace {

using namespace testing;

constexpr bool at_compile_time() {
  const std::int32_t positions[] = {0, 1};
  double table[8] = {};
  reference::rotary_table<double>(2, positions, 4, 10000.0, table);
  const double x[] = {1, 2, 3, 4, 1, 2, 3, 4};
  double y[8] = {};
  reference::rotate<rotary_pairing::adjacent, double>(2, 1, 4, 4, table, {x, 4}, {y, 4});
  return table[0] == 1 && table[2] == 0 && math::fabs(table[4] - 0.5403023058681398) < 1e-15 &&
         math::fabs(table[7] - 0.009999833334166664) < 1e-15 && y[0] == 1 && y[3] == 4 &&
         math::fabs(y[4] - (table[4] - 2 * table[6])) < 1e-15 && math::fabs(y[5] - (table[6] + 2 * table[4])) < 1e-15;
}
static_assert(at_compile_time());

template <rotary_pairing P> void check_rotate_gradient() {
  const index_type rows = 3, heads = 2, head_width = 8, rotary_width = 6, width = heads * head_width;
  const std::int32_t positions[] = {4, 5, 11};
  std::vector<double> table(static_cast<std::size_t>(rows * rotary_width));
  reference::rotary_table<double>(rows, positions, rotary_width, 100.0, table.data());
  auto x = normal_numbers(rows * width, 1);
  const auto dy = normal_numbers(rows * width, 2);
  std::vector<double> dx = dy;
  reference::rotate<P, double>(rows, heads, head_width, rotary_width, table.data(), rows_of(dx, width),
                               rows_of(dx, width), true);  // in place
  check_gradient(x, dx, [&] {
    std::vector<double> y(x.size());
    reference::rotate<P, double>(rows, heads, head_width, rotary_width, table.data(), rows_of(x, width),
                                 rows_of(y, width));
    return dot(y, dy);
  });
}

TEST_CASE("matches finite differences: gradients of rotate") {
  SECTION("adjacent") { check_rotate_gradient<rotary_pairing::adjacent>(); }
  SECTION("half_split") { check_rotate_gradient<rotary_pairing::half_split>(); }
}

TEST_CASE("rotates column i with column i + rotary_width / 2 in half_split") {
  const double table[] = {0, 1}, x[] = {1, 2, 7};  // a quarter turn
  double y[3];
  reference::rotate<rotary_pairing::half_split, double>(1, 1, 3, 2, table, {x, 3}, {y, 3});
  CHECK(y[0] == -2);
  CHECK(y[1] == 1);
  CHECK(y[2] == 7);
}

}  // namespace
}  // namespace typeformer
