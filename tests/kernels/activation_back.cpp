// SPDX-License-Identifier: BSL-1.0
#include <support/gradient_cases.hpp>
#include <typeformer/kernels/activation_back.hpp>

namespace typeformer {
namespace {

using namespace testing;

constexpr float at_compile_time() {
  const float x[] = {2, 3}, dy = 5;
  float dx[2] = {}, gated[2] = {};
  kernels::activate_back<relu, float>(1, 1, {x, 1}, {&dy, 1}, {dx, 1}, inline_workers{});
  kernels::gated_activation_back<relu, float>(1, 1, {x, 2}, {&dy, 1}, {gated, 2}, inline_workers{});
  return dx[0] + 10 * gated[0] + 1000 * gated[1];
}
static_assert(at_compile_time() == 5 + 150 + 10000);

TEMPLATE_TEST_CASE("matches the reference in double: gradients of activations", "", gelu_erf, gelu_tanh, silu, relu,
                   tanh_activation, sigmoid, quick_gelu) {
  for (const index_type width : awkward_widths) {
    const index_type rows = 29;
    CAPTURE(width);
    auto x = normal_numbers<float>(rows * 2 * width, 1);
    for (float& value : x) value *= 3;
    x[0] = 0;
    const auto dy = normal_numbers<float>(rows * width, 2);
    std::vector<double> expected(dy.size()), expected_gated(x.size());
    const rows_apart x_rows = apart(rows, 2 * width, 3, x), dy_rows = apart(rows, width, 1, dy);
    const auto x_double = in_double(x), dy_double = in_double(dy);
    reference::activate_back<TestType, double>(rows, width, rows_of(x_double, 2 * width), rows_of(dy_double, width),
                                               rows_of(expected, width));
    reference::gated_activation_back<TestType, double>(rows, width, rows_of(x_double, 2 * width),
                                                       rows_of(dy_double, width), rows_of(expected_gated, 2 * width));
    spaced_rows dx{rows, width, 3};
    dx.fill(dy);
    kernels::activate_back<TestType, float>(rows, width, x_rows.view(), dx.view(), dx.view(),
                                            reversed_workers{});  // dx in place of dy
    CHECK(dx.distance_to(expected) < 2e-5);
    CHECK(dx.gaps_are_untouched());
    spaced_rows gated{rows, 2 * width, 3};
    gated.fill(x);
    kernels::gated_activation_back<TestType, float>(rows, width, gated.view(), dy_rows.view(), gated.view(),
                                                    reversed_workers{});  // dx in place of x
    check_agrees(gated, expected_gated);
    CHECK(gated.gaps_are_untouched());
  }
}

TEMPLATE_TEST_CASE("computes derivatives of activations far from zero", "", gelu_erf, gelu_tanh, silu, relu,
                   tanh_activation, sigmoid, quick_gelu) {
  const std::vector<float> x{-1e4f, -100, -50, -10, 10, 50, 100, 1e4f}, dy(8, 1.0f);
  std::vector<float> dx(x.size());
  kernels::activate_back<TestType, float>(1, 8, rows_of(x, 8), rows_of(dy, 8), rows_of(dx, 8), inline_workers{});
  for (std::size_t i = 0; i < x.size(); ++i)
    CHECK(dx[i] == Approx(TestType::derivative(static_cast<double>(x[i]))).epsilon(1e-6).margin(1e-6));
}

}  // namespace
}  // namespace typeformer
