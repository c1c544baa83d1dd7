// SPDX-License-Identifier: BSL-1.0
#include <support/kernel_cases.hpp>
#include <typeformer/kernels/rms_norm.hpp>

namespace typeformer {
namespace {

using namespace testing;

constexpr bool at_compile_time() {
  const float x[] = {3, 3}, weight[] = {1, 2};
  float y[2] = {};
  kernels::rms_norm<float>(1, 2, {x, 2}, weight, 0, {y, 2}, nullptr, inline_workers{});
  return y[0] > 0.999f && y[0] < 1.001f && y[1] == 2 * y[0];
}
static_assert(at_compile_time());

template <norm_gain Gain> void check_rms_norm() {
  for (const index_type width : awkward_widths) {
    const index_type rows = 37;
    CAPTURE(width);
    const auto x = normal_numbers<float>(rows * width, 1), weight = normal_numbers<float>(width, 2);
    std::vector<double> expected(x.size()), expected_inverse(rows);
    reference::rms_norm<double, Gain>(rows, width, rows_of(in_double(x), width), in_double(weight).data(), 1e-6,
                                      rows_of(expected, width), expected_inverse.data());
    spaced_rows y{rows, width, 5}, inverse_rms{rows, 1, 0};
    y.fill(x);
    kernels::rms_norm<float, Gain>(rows, width, y.view(), weight.data(), 1e-6f, y.view(), inverse_rms.numbers.data(),
                                   reversed_workers{});  // in place
    CHECK(y.distance_to(expected) < 5e-6);
    CHECK(y.gaps_are_untouched());
    CHECK(inverse_rms.distance_to(expected_inverse) <
          1e-6 * *std::max_element(expected_inverse.begin(), expected_inverse.end()));
  }
}

TEST_CASE("matches the reference in double: rms_norm") {
  SECTION("weight") { check_rms_norm<norm_gain::weight>(); }
  SECTION("1 + weight") { check_rms_norm<norm_gain::one_plus_weight>(); }
  SECTION("no weight") { check_rms_norm<norm_gain::one>(); }
}

}  // namespace
}  // namespace typeformer
