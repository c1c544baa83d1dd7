// SPDX-License-Identifier: BSL-1.0
#include <support/kernel_cases.hpp>
#include <typeformer/kernels/activation.hpp>

namespace typeformer {
namespace {

using namespace testing;

template <class A> constexpr float at_compile_time(float x) {
  const float gate_and_value[] = {x, 2};
  float y = 0, gated = 0;
  kernels::activate<A, float>(1, 1, {&x, 1}, {&y, 1}, inline_workers{});
  kernels::gated_activation<A, float>(1, 1, {gate_and_value, 2}, {&gated, 1}, inline_workers{});
  return gated - y;
}
static_assert(at_compile_time<relu>(3) == 3 && at_compile_time<sigmoid>(0) == 0.5f);

TEMPLATE_TEST_CASE("matches the reference in double: activations", "", gelu_erf, gelu_tanh, silu, relu, tanh_activation,
                   sigmoid, quick_gelu) {
  for (const index_type width : awkward_widths) {
    const index_type rows = 29;
    CAPTURE(width);
    auto x = normal_numbers<float>(rows * 2 * width, 1);
    for (float& value : x) value *= 3;
    std::vector<double> expected(x.size()), expected_gated(x.size() / 2);
    reference::activate<TestType, double>(rows, 2 * width, rows_of(in_double(x), 2 * width),
                                          rows_of(expected, 2 * width));
    reference::gated_activation<TestType, double>(rows, width, rows_of(in_double(x), 2 * width),
                                                  rows_of(expected_gated, width));
    for (const index_type gap : {0, 3}) {
      spaced_rows y{rows, 2 * width, gap};
      y.fill(x);
      kernels::activate<TestType, float>(rows, 2 * width, y.view(), y.view(), reversed_workers{});  // in place
      CHECK(y.distance_to(expected) < 4e-6);
      CHECK(y.gaps_are_untouched());
    }
    spaced_rows gated{rows, width, 3};
    kernels::gated_activation<TestType, float>(rows, width, rows_of(x, 2 * width), gated.view(), reversed_workers{});
    CHECK(gated.distance_to(expected_gated) < 2e-5);
    CHECK(gated.gaps_are_untouched());
    spaced_rows in_place{rows, 2 * width, 0};
    in_place.fill(x);
    kernels::gated_activation<TestType, float>(rows, width, in_place.view(), in_place.view(), reversed_workers{});
    bool same = true;
    for (index_type row = 0; row < rows; ++row)
      for (index_type i = 0; i < width; ++i)
        same = same && in_place.view()[row][i] == gated.view()[row][i] &&
               in_place.view()[row][width + i] == x[static_cast<std::size_t>(row * 2 * width + width + i)];
    CHECK(same);
  }
}

TEMPLATE_TEST_CASE("computes activations far from zero", "", gelu_erf, gelu_tanh, silu, relu, tanh_activation, sigmoid,
                   quick_gelu) {
  const std::vector<float> x{-1e4f, -100, -50, -10, 10, 50, 100, 1e4f};
  std::vector<float> y(x.size());
  kernels::activate<TestType, float>(1, 8, rows_of(x, 8), rows_of(y, 8), inline_workers{});
  for (std::size_t i = 0; i < x.size(); ++i)
    CHECK(y[i] == Approx(TestType::value(static_cast<double>(x[i]))).epsilon(1e-6).margin(1e-6));
}

}  // namespace
}  // namespace typeformer
