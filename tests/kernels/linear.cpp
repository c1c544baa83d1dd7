// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <vector>

#include <support/catch.hpp>
#include <support/kernel_cases.hpp>

#include <typeformer/kernels/linear.hpp>
#include <typeformer/kernels/pack_panels.hpp>

namespace typeformer {
namespace {

constexpr float untouched = -12345.0f;
constexpr float poison = std::numeric_limits<float>::quiet_NaN();

std::size_t size(index_type n) { return static_cast<std::size_t>(n); }

using testing::seeded_numbers;

/// Claims several workers and runs the parts backwards, so that a part which relies on another one fails.
struct backward_workers {
  index_type workers = 3;
  index_type count() const { return workers; }
  template <class F> void for_each(index_type parts, F&& f) const {
    for (index_type part = parts; part-- > 0;) f(part);
  }
};

/// x with rows further apart than they are wide, NaN between them; weights in both orders, NaN behind them.
struct problem {
  index_type rows, outputs, inputs, x_stride = inputs + 5, y_stride = outputs + 3;
  std::vector<float> x = std::vector<float>(size(rows * x_stride), poison),
                     matrix = seeded_numbers(outputs * inputs, 7), bias = seeded_numbers(outputs, 8),
                     panels = std::vector<float>(matrix.size() + size(kernels::panel_overread), poison);

  problem(index_type row_count, index_type output_count, index_type input_count)
      : rows{row_count}, outputs{output_count}, inputs{input_count} {
    const auto values = seeded_numbers(rows * inputs, 9);
    for (index_type row = 0; row < rows; ++row)
      for (index_type input = 0; input < inputs; ++input)
        x[size(row * x_stride + input)] = values[size(row * inputs + input)];
    kernels::pack_panels(row_major(), panels.data());
  }

  row_major_view<const float> row_major() const { return {matrix.data(), outputs, inputs}; }
  panel_view<const float> packed() const { return {panels.data(), outputs, inputs, kernels::native_panel_width}; }

  /// The number of wrong results of one call; anything written outside y[rows][outputs] counts too.
  template <class View, class W> index_type wrong(View w, const float* b, const W& workers) const {
    std::vector<float> y(size(rows * y_stride), untouched);
    kernels::linear(rows, {x.data(), x_stride}, w, b, rows_view<float>{y.data(), y_stride}, workers);
    index_type count = 0;
    for (index_type row = 0; row < rows; ++row)
      for (index_type output = 0; output < y_stride; ++output) {
        const auto got = static_cast<double>(y[size(row * y_stride + output)]);
        if (output >= outputs) {
          count += got != static_cast<double>(untouched);
          continue;
        }
        double exact = b ? static_cast<double>(b[output]) : 0.0, magnitude = std::fabs(exact);
        for (index_type input = 0; input < inputs; ++input) {
          const double term = static_cast<double>(matrix[size(output * inputs + input)]) *
                              static_cast<double>(x[size(row * x_stride + input)]);
          exact += term;
          magnitude += std::fabs(term);
        }
        count += !(std::fabs(got - exact) <= 4e-7 * (magnitude + 1e-3));
      }
    return count;
  }
};

template <class W> void check_all(const problem& p, const W& workers) {
  CAPTURE(p.rows, p.outputs, p.inputs);
  CHECK(p.wrong(p.packed(), p.bias.data(), workers) == 0);
  CHECK(p.wrong(p.packed(), nullptr, workers) == 0);
  CHECK(p.wrong(p.row_major(), p.bias.data(), workers) == 0);
  CHECK(p.wrong(p.row_major(), nullptr, workers) == 0);
}

constexpr float constant_evaluation() {
  const float x[2] = {1, 2}, w[4] = {3, 4, 5, 6}, bias[2] = {10, 20};
  float y[2] = {};
  kernels::linear(1, {x, 2}, row_major_view<const float>{w, 2, 2}, bias, rows_view<float>{y, 2}, inline_workers{});
  float z[2] = {};
  kernels::linear(1, {x, 2}, panel_view<const float>{w, 2, 2, 2}, nullptr, rows_view<float>{z, 2}, inline_workers{});
  return y[0] * 1000 + y[1] + z[0];
}
static_assert(constant_evaluation() == 21037.0f + 13.0f);

}  // namespace

TEST_CASE("matches a double-precision loop: linear for every tail of rows, outputs and inputs") {
  for (const index_type outputs : {1, 7, 16, 28, 33, 48, 172})
    for (const index_type inputs : {1, 3, 31, 64, 67})
      for (index_type rows = 1; rows <= 19; ++rows) check_all(problem{rows, outputs, inputs}, inline_workers{});
}

TEST_CASE("matches a double-precision loop: linear of many panels and blocks") {
  for (const index_type rows : {1, 2, 8, 37})
    for (const index_type inputs : {129, 768}) check_all(problem{rows, 513, inputs}, inline_workers{});
}

TEST_CASE("splits linear into independent parts for workers") {
  for (const index_type workers : {2, 3, 16})
    for (const index_type rows : {1, 9, 130})
      for (const index_type outputs : {7, 172, 513}) check_all(problem{rows, outputs, 301}, backward_workers{workers});
}

TEST_CASE("gives the bias of linear without inputs, and nothing without rows or outputs") {
  for (const index_type rows : {1, 3}) check_all(problem{rows, 50, 0}, inline_workers{});
  check_all(problem{0, 50, 8}, inline_workers{});
  check_all(problem{3, 0, 8}, inline_workers{});
}

TEST_CASE("reads panels of another width") {
  const problem p{5, 37, 29};
  for (const index_type width : {1, 4, 10, 37}) {
    std::vector<float> panels(p.matrix.size());
    kernels::pack_panels(p.row_major(), panels.data(), width);
    CHECK(p.wrong(panel_view<const float>{panels.data(), p.outputs, p.inputs, width}, p.bias.data(),
                  inline_workers{}) == 0);
  }
}

TEST_CASE("uses the scalar loop for linear in double") {
  const double x[4] = {1, 2, 3, 4}, w[6] = {1, 0, 0.5, 0.25, -1, 1}, bias[3] = {0.125, 0, -1};
  double y[6] = {};
  kernels::linear(2, {x, 2}, row_major_view<const double>{w, 3, 2}, bias, rows_view<double>{y, 3}, inline_workers{});
  const double expected[6] = {1.125, 1.0, 0.0, 3.125, 2.5, 0.0};
  for (int i = 0; i < 6; ++i) CHECK(y[i] == expected[i]);
}

}  // namespace typeformer
