// SPDX-License-Identifier: BSL-1.0
#include <support/gradient_cases.hpp>
#include <typeformer/kernels/soft_cap.hpp>

namespace typeformer {
namespace {

using namespace testing;

constexpr float at_compile_time() {
  float x[] = {0, 1e9f};
  kernels::soft_cap<float>(1, 2, {x, 2}, 2, {x, 2}, inline_workers{});
  return x[1];
}
static_assert(at_compile_time() == 2);

TEST_CASE("matches the reference in double: soft_cap and its gradient") {
  for (const index_type width : awkward_widths) {
    const index_type rows = 37;
    CAPTURE(width);
    auto x = normal_numbers<float>(rows * width, 1);
    for (float& value : x) value *= 4;
    const auto dy = normal_numbers<float>(rows * width, 2);
    std::vector<double> expected = in_double(x), expected_dx = in_double(dy);
    reference::soft_cap<double>(rows, width, rows_of(expected, width), 1.5, rows_of(expected, width));
    reference::soft_cap_back<double>(rows, width, rows_of(expected, width), 1.5, rows_of(expected_dx, width),
                                     rows_of(expected_dx, width));
    spaced_rows y{rows, width, 5}, dx{rows, width, 3};
    y.fill(x);
    dx.fill(dy);
    kernels::soft_cap<float>(rows, width, y.view(), 1.5f, y.view(), reversed_workers{});  // in place
    kernels::soft_cap_back<float>(rows, width, y.view(), 1.5f, dx.view(), dx.view(), reversed_workers{});
    CHECK(y.distance_to(expected) < 1e-6);
    CHECK(y.gaps_are_untouched());
    check_agrees(dx, expected_dx);
    CHECK(dx.gaps_are_untouched());
  }
}

}  // namespace
}  // namespace typeformer
