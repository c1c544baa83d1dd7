// SPDX-License-Identifier: BSL-1.0
#include <support/gradient_cases.hpp>
#include <typeformer/kernels/layer_norm.hpp>
#include <typeformer/kernels/layer_norm_back.hpp>
#include <typeformer/kernels/rms_norm.hpp>
#include <typeformer/kernels/rms_norm_back.hpp>

namespace typeformer {
namespace {

using namespace testing;

constexpr bool at_compile_time() {
  const float x[] = {1, 3}, weight[] = {1, 2}, dy[] = {1, 1}, statistics[] = {1, 1}, inverse_rms = 1;
  float dx[2] = {}, dweight[2] = {}, dbias[2] = {}, rms_dx[2] = {}, rms_dweight[2] = {};
  kernels::layer_norm_back<float>(1, 2, {x, 2}, statistics, weight, {dy, 2}, {dx, 2}, dweight, dbias, inline_workers{});
  kernels::rms_norm_back<float>(1, 2, {x, 2}, &inverse_rms, weight, {dy, 2}, {rms_dx, 2}, rms_dweight,
                                inline_workers{});
  return dx[0] == 0 && dweight[0] == -1 && dbias[1] == 1 && rms_dx[0] == -2.5f && rms_dweight[1] == 3;
}
static_assert(at_compile_time());

struct norm_problem {
  index_type rows, width;
  std::vector<float> x = normal_numbers<float>(rows * width, 1), weight = normal_numbers<float>(width, 2),
                     dy = normal_numbers<float>(rows * width, 3), dweight = normal_numbers<float>(width, 4),
                     dbias = normal_numbers<float>(width, 5);
  std::vector<double> x_double, weight_double = in_double(weight), dy_double = in_double(dy),
                                expected_dx = std::vector<double>(x.size()), expected_dweight = in_double(dweight),
                                expected_dbias = in_double(dbias);

  norm_problem(index_type row_count, index_type columns) : rows{row_count}, width{columns} {
    for (float& value : x) value = 3 * value + 10;
    x_double = in_double(x);
  }
};

template <norm_gain Gain> void check_layer_norm_back() {
  for (const index_type width : awkward_widths)
    for (const index_type rows : {1, 37})
      for (const bool has_bias : {true, false}) {
        norm_problem p{rows, width};
        CAPTURE(rows, width, has_bias);
        // A larger epsilon than usual: rows of one column have no variance, and 1/sigma would magnify their rounding.
        std::vector<double> statistics_double(static_cast<std::size_t>(2 * rows)), y(p.x.size());
        reference::layer_norm<double, Gain>(rows, width, rows_of(p.x_double, width), p.weight_double.data(), nullptr,
                                            0.1, rows_of(y, width), statistics_double.data());
        reference::layer_norm_back<double, Gain>(rows, width, rows_of(p.x_double, width), statistics_double.data(),
                                                 p.weight_double.data(), rows_of(p.dy_double, width),
                                                 rows_of(p.expected_dx, width), p.expected_dweight.data(),
                                                 has_bias ? p.expected_dbias.data() : nullptr);
        const std::vector<float> statistics(statistics_double.begin(), statistics_double.end());
        const rows_apart x = apart(rows, width, 3, p.x);
        spaced_rows dx{rows, width, 5};
        dx.fill(p.dy);
        kernels::layer_norm_back<float, Gain>(rows, width, x.view(), statistics.data(), p.weight.data(), dx.view(),
                                              dx.view(), p.dweight.data(), has_bias ? p.dbias.data() : nullptr,
                                              reversed_workers{});  // dx in place of dy
        check_agrees(dx, p.expected_dx);
        CHECK(dx.gaps_are_untouched());
        check_agrees(p.dweight, p.expected_dweight);
        check_agrees(p.dbias, p.expected_dbias);
      }
}

template <norm_gain Gain> void check_rms_norm_back() {
  for (const index_type width : awkward_widths)
    for (const index_type rows : {1, 37}) {
      norm_problem p{rows, width};
      CAPTURE(rows, width);
      std::vector<double> inverse_double(static_cast<std::size_t>(rows)), y(p.x.size());
      reference::rms_norm<double, Gain>(rows, width, rows_of(p.x_double, width), p.weight_double.data(), 1e-5,
                                        rows_of(y, width), inverse_double.data());
      reference::rms_norm_back<double, Gain>(rows, width, rows_of(p.x_double, width), inverse_double.data(),
                                             p.weight_double.data(), rows_of(p.dy_double, width),
                                             rows_of(p.expected_dx, width), p.expected_dweight.data());
      const std::vector<float> inverse_rms(inverse_double.begin(), inverse_double.end());
      const rows_apart x = apart(rows, width, 3, p.x);
      spaced_rows dx{rows, width, 5};
      dx.fill(p.dy);
      kernels::rms_norm_back<float, Gain>(rows, width, x.view(), inverse_rms.data(), p.weight.data(), dx.view(),
                                          dx.view(), p.dweight.data(), reversed_workers{});  // dx in place of dy
      check_agrees(dx, p.expected_dx);
      CHECK(dx.gaps_are_untouched());
      check_agrees(p.dweight, p.expected_dweight);
    }
}

TEST_CASE("matches the reference in double: gradients of layer_norm") {
  SECTION("weight") { check_layer_norm_back<norm_gain::weight>(); }
  SECTION("1 + weight") { check_layer_norm_back<norm_gain::one_plus_weight>(); }
  SECTION("no weight") { check_layer_norm_back<norm_gain::one>(); }
}
TEST_CASE("matches the reference in double: gradients of rms_norm") {
  SECTION("weight") { check_rms_norm_back<norm_gain::weight>(); }
  SECTION("1 + weight") { check_rms_norm_back<norm_gain::one_plus_weight>(); }
  SECTION("no weight") { check_rms_norm_back<norm_gain::one>(); }
}

TEST_CASE("gives the same bits of the norms' gradients for any number of workers") {
  const index_type rows = 300, width = 200;
  const norm_problem p{rows, width};
  std::vector<float> statistics(2 * rows, 1.0f);
  const auto gradients = [&](const auto& workers) {
    std::vector<float> all(static_cast<std::size_t>(rows * width + 2 * width));
    float *const dx = all.data(), *const dweight = dx + rows * width, *const dbias = dweight + width;
    kernels::layer_norm_back<float>(rows, width, rows_of(p.x, width), statistics.data(), p.weight.data(),
                                    rows_of(p.dy, width), {dx, width}, dweight, dbias, workers);
    kernels::rms_norm_back<float>(rows, width, rows_of(p.x, width), statistics.data(), p.weight.data(),
                                  rows_view<const float>{dx, width}, {dx, width}, dweight, workers);
    return all;
  };
  CHECK(gradients(inline_workers{}) == gradients(reversed_workers{}));
}

}  // namespace
}  // namespace typeformer
