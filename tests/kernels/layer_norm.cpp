// SPDX-License-Identifier: BSL-1.0
#include <support/kernel_cases.hpp>
#include <typeformer/kernels/layer_norm.hpp>

namespace typeformer {
namespace {

using namespace testing;

constexpr bool at_compile_time() {
  const float x[] = {1, 3}, weight[] = {1, 2}, bias[] = {0, 10};
  float y[2] = {};
  kernels::layer_norm<float>(1, 2, {x, 2}, weight, bias, 0, {y, 2}, nullptr, inline_workers{});
  return y[0] == -1 && y[1] == 12;
}
static_assert(at_compile_time());

template <norm_gain Gain> void check_layer_norm() {
  for (const index_type width : awkward_widths) {
    const index_type rows = 37;
    CAPTURE(width);
    auto x = normal_numbers<float>(rows * width, 1);
    for (float& value : x) value = 3 * value + 10;
    const auto weight = normal_numbers<float>(width, 2), bias = normal_numbers<float>(width, 3);
    for (const bool has_bias : {true, false}) {
      std::vector<double> expected(x.size()), expected_statistics(2 * rows);
      reference::layer_norm<double, Gain>(rows, width, rows_of(in_double(x), width), in_double(weight).data(),
                                          has_bias ? in_double(bias).data() : nullptr, 1e-5, rows_of(expected, width),
                                          expected_statistics.data());
      spaced_rows y{rows, width, 5}, statistics{rows, 2, 0};
      y.fill(x);
      kernels::layer_norm<float, Gain>(rows, width, y.view(), weight.data(), has_bias ? bias.data() : nullptr, 1e-5f,
                                       y.view(), statistics.numbers.data(), reversed_workers{});  // in place
      CHECK(y.distance_to(expected) < 2e-5);
      CHECK(y.gaps_are_untouched());
      if (width > 2) CHECK(statistics.distance_to(expected_statistics) < 1e-5);
    }
  }
}

TEST_CASE("matches the reference in double: layer_norm") {
  SECTION("weight") { check_layer_norm<norm_gain::weight>(); }
  SECTION("1 + weight") { check_layer_norm<norm_gain::one_plus_weight>(); }
  SECTION("no weight") { check_layer_norm<norm_gain::one>(); }
}

TEST_CASE("keeps the precision of layer_norm far from zero") {
  const index_type width = 64;
  std::vector<float> x = normal_numbers<float>(width, 1), weight(width, 1.0f), y(width);
  for (float& value : x) value += 4096;
  std::vector<double> expected(width);
  reference::layer_norm<double>(1, width, rows_of(in_double(x), width), in_double(weight).data(), nullptr, 1e-5,
                                rows_of(expected, width), nullptr);
  kernels::layer_norm<float>(1, width, rows_of(x, width), weight.data(), nullptr, 1e-5f, rows_of(y, width), nullptr,
                             inline_workers{});
  for (std::size_t i = 0; i < y.size(); ++i) CHECK(y[i] == Approx(expected[i]).margin(1e-3));
}

}  // namespace
}  // namespace typeformer
