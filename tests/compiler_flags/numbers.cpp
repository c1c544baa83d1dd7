// SPDX-License-Identifier: BSL-1.0
// A program that must give the same answers under every flag that it is compiled with; it says what is wrong.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <vector>

#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/generation/greedy.hpp>
#include <typeformer/generation/softmax_weight.hpp>
#include <typeformer/kernels/layer_norm.hpp>
#include <typeformer/kernels/layer_norm_back.hpp>
#include <typeformer/kernels/softmax.hpp>
#include <typeformer/simd/math.hpp>

namespace typeformer {
namespace {

using pack = simd::pack<float>;

int wrong = 0;
void check(bool holds, const char* what, double value) {
  if (holds) return;
  std::printf("%s: %g\n", what, value);
  ++wrong;
}

constexpr float infinity = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();

template <class F> float of(F f, float x) {
  float v[pack::lanes];
  for (float& lane : v) lane = x;
  f(pack::load(v)).store(v);
  return v[pack::lanes - 1];
}

void check_elementary_functions() {
  double exp_error = 0, tanh_error = 0, erf_error = 0, rounding_error = 0;
  for (int i = -8690; i <= 8872; ++i) {
    const volatile float stored = static_cast<float>(i) * 0.01f;  // a register may hold more than a float
    const float x = stored;
    const double exact = static_cast<double>(x);
    exp_error = std::max(exp_error, std::abs(double(of([](pack p) { return exp(p); }, x)) / std::exp(exact) - 1));
    tanh_error = std::max(tanh_error, std::abs(double(of([](pack p) { return tanh(p); }, x)) - std::tanh(exact)));
    erf_error = std::max(erf_error, std::abs(double(of([](pack p) { return erf(p); }, x)) - std::erf(exact)));
    const float integer = of([](pack p) { return round_to_nearest(p); }, x * 977);
    rounding_error = std::max(rounding_error, std::abs(double(integer) - std::nearbyint(double(x * 977))));
  }
  check(exp_error < 2.4e-7, "relative error of exp", exp_error);
  check(tanh_error < 3e-7, "error of tanh", tanh_error);
  check(erf_error < 5e-7, "error of erf", erf_error);
  check(rounding_error == 0, "error of rounding", rounding_error);
  const auto exponential = [](pack p) { return exp(p); };
  check(of(exponential, -infinity) == 0, "exp(-infinity)", double(of(exponential, -infinity)));
  check(of(exponential, infinity) == infinity, "exp(infinity)", double(of(exponential, infinity)));
  check(is_nan(of(exponential, nan)), "exp(NaN)", double(of(exponential, nan)));
}

void check_layer_norm(index_type width, float constant) {
  const std::vector<float> x(std::size_t(width), constant), ones(x.size(), 1.0f);
  std::vector<float> y(x.size());
  float statistics[2] = {};
  kernels::layer_norm<float>(1, width, rows_view<const float>{x.data(), width}, ones.data(), nullptr, 1e-12f,
                             rows_view<float>{y.data(), width}, statistics, inline_workers{});
  for (float value : y) check(value == 0, "layer norm of a constant row", double(value));

  std::vector<float> row(x);
  for (std::size_t i = 0; i < row.size(); ++i) row[i] += std::sin(float(i)) * 4;
  const std::vector<double> exact(row.begin(), row.end()), exact_ones(x.size(), 1.0);
  std::vector<double> exact_y(x.size());
  reference::layer_norm<double>(1, width, rows_view<const double>{exact.data(), width}, exact_ones.data(), nullptr,
                                1e-12, rows_view<double>{exact_y.data(), width}, nullptr);
  const auto worst = [&] {
    double error = 0;
    for (std::size_t i = 0; i < y.size(); ++i) error = std::max(error, std::abs(double(y[i]) - exact_y[i]));
    return error;
  };
  kernels::layer_norm<float>(1, width, rows_view<const float>{row.data(), width}, ones.data(), nullptr, 1e-12f,
                             rows_view<float>{y.data(), width}, nullptr, inline_workers{});
  check(worst() < 5e-6, "error of layer norm", worst());
  reference::layer_norm<float>(1, width, rows_view<const float>{row.data(), width}, ones.data(), nullptr, 1e-12f,
                               rows_view<float>{y.data(), width}, nullptr);
  check(worst() < 5e-6, "error of the reference's layer norm", worst());
}

void check_what_is_not_finite() {
  const volatile float zero = 0;
  const float numbers[] = {zero / zero, 1 / zero, -1 / zero, 1 / (zero + 3)};
  const bool finite[] = {false, false, false, true};
  for (int i = 0; i < 4; ++i) {
    check(is_finite(numbers[i]) == finite[i], "is_finite", double(numbers[i]));
    check(is_finite(double(numbers[i])) == finite[i], "is_finite in double", double(numbers[i]));
    check(is_nan(numbers[i]) == (i == 0), "is_nan", double(numbers[i]));
  }
  check(greedy{}(std::vector<float>{numbers[0], -2, -1, numbers[2]}) == 2, "greedy", 0);

  const float scores[] = {1, numbers[2], 1, numbers[2]};
  float weights[4];
  kernels::softmax<float>(1, 4, rows_view<const float>{scores, 4}, rows_view<float>{weights, 4}, inline_workers{});
  check(weights[0] == 0.5f && weights[1] == 0 && weights[2] == 0.5f && weights[3] == 0, "softmax", double(weights[1]));
}

void check_sampling_weights() {
  std::uint64_t sum = 0;
  for (int i = 0; i < 24'000; ++i) sum = sum * 31 + softmax_weight(static_cast<float>(i) * 0x1p-10f);
  check(sum == 0x72e6d75dbbd5cd2e, "softmax_weight is not what it is everywhere else: its digest", double(sum >> 32));
}

int run() {
  check_elementary_functions();
  for (const index_type width : {1, 7, 48, 768, 1000})
    for (const float constant : {0.1f, 3.3f, 1234.1f, 9999.7f}) check_layer_norm(width, constant);
  check_what_is_not_finite();
  check_sampling_weights();
  return wrong;
}

}  // namespace
}  // namespace typeformer

int main() { return typeformer::run(); }
