// SPDX-License-Identifier: BSL-1.0
#include <support/kernel_cases.hpp>
#include <typeformer/kernels/softmax.hpp>

namespace typeformer {
namespace {

using namespace testing;

constexpr bool at_compile_time() {
  const float x[] = {7, 7};
  float y[2] = {};
  kernels::softmax<float>(1, 2, {x, 2}, {y, 2}, inline_workers{});
  return y[0] == 0.5f && y[1] == 0.5f;
}
static_assert(at_compile_time());

TEST_CASE("matches the reference in double: softmax") {
  for (const index_type width : awkward_widths)
    for (const float spread : {1.0f, 100.0f}) {
      const index_type rows = 37;
      CAPTURE(width, spread);
      auto x = normal_numbers<float>(rows * width, 1);
      for (float& value : x) value = spread * value - 50;  // below the zeros of a partial load
      std::vector<double> expected(x.size());
      reference::softmax<double>(rows, width, rows_of(in_double(x), width), rows_of(expected, width));
      spaced_rows y{rows, width, 5};
      y.fill(x);
      kernels::softmax<float>(rows, width, y.view(), y.view(), reversed_workers{});  // in place
      CHECK(y.distance_to(expected) < 1e-6);
      CHECK(y.gaps_are_untouched());
    }
}

TEST_CASE("gives zero as softmax of a masked entry") {
  const std::vector<float> x{1, -INFINITY, 1};
  std::vector<float> y(3);
  kernels::softmax<float>(1, 3, rows_of(x, 3), rows_of(y, 3), inline_workers{});
  CHECK(y[0] == 0.5f);
  CHECK(y[1] == 0);
}

}  // namespace
}  // namespace typeformer
