// SPDX-License-Identifier: BSL-1.0
#include <support/finite_differences.hpp>
#include <typeformer/reference/unit_length.hpp>

namespace typeformer {
namespace {

using namespace testing;

constexpr bool at_compile_time() {
  const double x[] = {3, 4, 0, 0};
  double y[4] = {}, inverse_length[2] = {};
  reference::unit_length<double>(2, 2, {x, 2}, 1e-12, {y, 2}, inverse_length);
  return math::fabs(y[0] - 0.6) < 1e-15 && math::fabs(y[1] - 0.8) < 1e-15 && y[2] == 0 && y[3] == 0 &&
         inverse_length[0] == 0.2;
}
static_assert(at_compile_time());

TEST_CASE("matches finite differences: gradient of unit_length, in place; scales rows shorter than epsilon") {
  const index_type rows = 4, width = 6;
  for (const double epsilon : {1e-12, 2.0, 100.0}) {
    auto x = normal_numbers(rows * width, 1);
    const auto dy = normal_numbers(rows * width, 2);
    std::vector<double> y(x.size()), inverse_length(rows);
    const auto loss = [&] {
      reference::unit_length<double>(rows, width, rows_of(x, width), epsilon, rows_of(y, width), inverse_length.data());
      return dot(y, dy);
    };
    loss();
    std::vector<double> dx = dy;
    reference::unit_length_back<double>(rows, width, rows_of(y, width), inverse_length.data(), epsilon,
                                        rows_of(dx, width), rows_of(dx, width));
    for (index_type row = 0; row < rows; ++row) {
      double squares = 0;
      for (index_type i = 0; i < width; ++i)
        squares += y[std::size_t(row * width + i)] * y[std::size_t(row * width + i)];
      if (epsilon < 1) CHECK(squares == Approx(1).epsilon(1e-15));
      if (epsilon > 10) CHECK(inverse_length[std::size_t(row)] == 0.01);
    }
    check_gradient(x, dx, loss);
  }
}

TEST_CASE("matches PyTorch: unit_length") {
  // torch.nn.functional.normalize(torch.tensor([[1, -2, 0.5], [0, 0, 0]], dtype=torch.float64)) and its gradient for
  // dy = [[0.3, 0.1, -2], [1, 2, 3]], PyTorch 2.2.
  const std::vector<double> x{1, -2, 0.5, 0, 0, 0}, dy{0.3, 0.1, -2, 1, 2, 3};
  std::vector<double> y(6), inverse_length(2), dx(6);
  reference::unit_length<double>(2, 3, rows_of(x, 3), 1e-12, rows_of(y, 3), inverse_length.data());
  reference::unit_length_back<double>(2, 3, rows_of(y, 3), inverse_length.data(), 1e-12, rows_of(dy, 3),
                                      rows_of(dx, 3));
  const std::vector<double> expected_y{0.4364357804719848, -0.8728715609439696, 0.2182178902359924, 0.0, 0.0, 0.0},
      expected_dx{0.2057482965082214, -0.10599154668605346, -0.8354627797606565,
                  1000000000000.0,    2000000000000.0,      3000000000000.0};
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(y[i] == Approx(expected_y[i]).epsilon(1e-15));
    CHECK(dx[i] == Approx(expected_dx[i]).epsilon(1e-14));
  }
}

}  // namespace
}  // namespace typeformer
