// SPDX-License-Identifier: BSL-1.0
#include <support/gradient_cases.hpp>
#include <typeformer/kernels/linear_gradients.hpp>

namespace typeformer {
namespace {

using namespace testing;

template <class S> constexpr S at_compile_time() {
  const S x[] = {1, 2, 3, 4}, w[] = {1, 2, 3, 4}, dy[] = {1, 10, 100, 1000};
  S dx[4] = {}, dw[4] = {1, 1, 1, 1}, dbias[2] = {7, 7};
  kernels::linear_input_gradient(2, {dy, 2}, {w, 2, 2}, rows_view<S>{dx, 2}, inline_workers{});
  kernels::linear_weight_gradient(2, {x, 2}, {dy, 2}, row_major_view<S>{dw, 2, 2}, dbias, inline_workers{});
  return dx[3] + dw[2] + dbias[1];
}
static_assert(at_compile_time<double>() == 4200 + 3011 + 1017 && at_compile_time<float>() == 4200 + 3011 + 1017);

template <class W>
void check_linear_gradients(index_type rows, index_type outputs, index_type inputs, const W& workers) {
  CAPTURE(rows, outputs, inputs, simd::pack<float>::lanes);
  const auto values = [](index_type n, unsigned seed) { return normal_numbers<float>(n, seed); };
  const auto x = values(rows * inputs, 1), w = values(outputs * inputs, 2), dy = values(rows * outputs, 3);
  auto dw = values(outputs * inputs, 4), dbias = values(outputs, 5);
  std::vector<double> expected_dx(x.size()), expected_dw = in_double(dw), expected_dbias = in_double(dbias);
  const auto w_double = in_double(w);
  reference::linear_back<double>(rows, rows_of(in_double(x), inputs),
                                 row_major_view<const double>{w_double.data(), outputs, inputs},
                                 rows_of(in_double(dy), outputs), rows_of(expected_dx, inputs),
                                 {expected_dw.data(), outputs, inputs}, expected_dbias.data());

  const auto x_apart = apart(rows, inputs, 5, x), dy_apart = apart(rows, outputs, 3, dy);
  spaced_rows dx{rows, inputs, 2};
  kernels::linear_input_gradient(rows, dy_apart.view(), {w.data(), outputs, inputs}, dx.view(), workers);
  CHECK(dx.gaps_are_untouched());
  check_agrees(dx, expected_dx);
  kernels::linear_weight_gradient(rows, x_apart.view(), dy_apart.view(),
                                  row_major_view<float>{dw.data(), outputs, inputs}, dbias.data(), workers);
  check_agrees(dw, expected_dw);
  check_agrees(dbias, expected_dbias);
}

TEST_CASE("matches the reference in double: gradients of linear for every tail") {
  for (const index_type outputs : {1, 7, 16, 33, 48, 130})
    for (const index_type inputs : {1, 3, 31, 65, 129})
      for (const index_type rows : {1, 2, 3, 4, 5, 6, 7, 8, 9, 19, 81}) {
        check_linear_gradients(rows, outputs, inputs, inline_workers{});
        check_linear_gradients(rows, outputs, inputs, reversed_workers{});
      }
}

TEST_CASE("matches the reference in double: gradients of linear of many blocks") {
  check_linear_gradients(300, 197, 213, inline_workers{});
  check_linear_gradients(768, 65, 128, reversed_workers{});
  check_linear_gradients(7, 512, 768, reversed_workers{});
}

TEST_CASE("gives the same bits of linear's gradients for any number of workers") {
  const index_type rows = 150, outputs = 120, inputs = 100;
  const auto x = normal_numbers<float>(rows * inputs, 1), w = normal_numbers<float>(outputs * inputs, 2),
             dy = normal_numbers<float>(rows * outputs, 3);
  const auto gradients = [&](const auto& workers) {
    std::vector<float> all(static_cast<std::size_t>(rows * inputs + outputs * inputs + outputs));
    float *const dx = all.data(), *const dw = dx + rows * inputs, *const dbias = dw + outputs * inputs;
    kernels::linear_input_gradient(rows, {dy.data(), outputs}, {w.data(), outputs, inputs},
                                   rows_view<float>{dx, inputs}, workers);
    kernels::linear_weight_gradient(rows, {x.data(), inputs}, {dy.data(), outputs},
                                    row_major_view<float>{dw, outputs, inputs}, dbias, workers);
    return all;
  };
  CHECK(gradients(inline_workers{}) == gradients(reversed_workers{}));
}

TEST_CASE("computes gradients of linear without outputs, inputs or a bias") {
  std::vector<float> dx(12, 3.0f), dw(12, 3.0f);
  const std::vector<float> numbers(12, 1.0f);
  kernels::linear_input_gradient(3, {}, {nullptr, 0, 4}, rows_view<float>{dx.data(), 4}, inline_workers{});
  CHECK(dx == std::vector<float>(12, 0.0f));
  kernels::linear_weight_gradient(0, {}, {}, row_major_view<float>{dw.data(), 3, 4}, nullptr, inline_workers{});
  CHECK(dw == std::vector<float>(12, 3.0f));
  kernels::linear_weight_gradient(2, {numbers.data(), 4}, {numbers.data(), 3}, row_major_view<float>{dw.data(), 3, 4},
                                  nullptr, inline_workers{});
  CHECK(dw == std::vector<float>(12, 5.0f));
}

}  // namespace
}  // namespace typeformer
