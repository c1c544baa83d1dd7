// SPDX-License-Identifier: BSL-1.0
#include <support/finite_differences.hpp>
#include <typeformer/reference/activation.hpp>

namespace typeformer {
namespace {

using namespace testing;

template <class A, class S> constexpr S at_compile_time(S x) {
  S y{}, dx{};
  reference::activate<A, S>(1, 1, {&x, 1}, {&y, 1});
  reference::activate_back<A, S>(1, 1, {&x, 1}, {&y, 1}, {&dx, 1});
  return y;
}
static_assert(at_compile_time<relu>(-2.0) == 0 && at_compile_time<relu>(2.0F) == 2);
static_assert(at_compile_time<sigmoid>(0.0) == 0.5 && at_compile_time<tanh_activation>(0.0F) == 0);
static_assert(math::fabs(at_compile_time<gelu_erf>(1.0) - 0.8413447460685429) < 1e-15);    // Phi(1)
static_assert(math::fabs(at_compile_time<silu>(1.0F) - 0.731058579F) < 1e-7F);             // sigmoid(1)
static_assert(math::fabs(at_compile_time<gelu_tanh>(1.0) - 0.8411919906082768) < 1e-15);   // PyTorch 2
static_assert(math::fabs(at_compile_time<quick_gelu>(1.0) - 0.8457957659328212) < 1e-15);  // sigmoid(1.702)

TEMPLATE_TEST_CASE("matches finite differences: gradients of activations", "", gelu_erf, gelu_tanh, silu, relu,
                   tanh_activation, sigmoid, quick_gelu) {
  const index_type rows = 3, width = 5;
  SECTION("plain") {
    auto x = normal_numbers(rows * width, 1);
    const auto dy = normal_numbers(rows * width, 2);
    std::vector<double> dx = dy;
    reference::activate_back<TestType, double>(rows, width, rows_of(x, width), rows_of(dx, width), rows_of(dx, width));
    check_gradient(x, dx, [&] {
      std::vector<double> y = x;
      reference::activate<TestType, double>(rows, width, rows_of(y, width), rows_of(y, width));  // in place
      return dot(y, dy);
    });
  }
  SECTION("gated") {
    auto x = normal_numbers(rows * 2 * width, 3);
    const auto dy = normal_numbers(rows * width, 4);
    std::vector<double> dx = x;
    reference::gated_activation_back<TestType, double>(rows, width, rows_of(dx, 2 * width), rows_of(dy, width),
                                                       rows_of(dx, 2 * width));  // in place
    check_gradient(x, dx, [&] {
      std::vector<double> y(dy.size());
      reference::gated_activation<TestType, double>(rows, width, rows_of(x, 2 * width), rows_of(y, width));
      return dot(y, dy);
    });
  }
}

TEMPLATE_TEST_CASE("stays finite far from zero: activations", "", gelu_erf, gelu_tanh, silu, relu, tanh_activation,
                   sigmoid, quick_gelu) {
  for (const double x : {-1e4, -100.0, 100.0, 1e4}) {
    CHECK(std::isfinite(TestType::value(x)));
    CHECK(std::isfinite(TestType::derivative(x)));
    CHECK(std::isfinite(TestType::value(static_cast<float>(x))));
    CHECK(std::isfinite(TestType::derivative(static_cast<float>(x))));
  }
}

}  // namespace
}  // namespace typeformer
