// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <typeformer/foundation/is_finite.hpp>

/// Elementary functions of `float` and `double` that also work in constant evaluation.
///
/// At run time they are those of the standard library. In constant evaluation, for which C++20 has none, they are the
/// series below, all in double. The relative error is below 2e-15 for exp, log, sqrt, tanh and erf. The absolute error
/// is below 1e-15 for sin and cos of |x| < 2^20. For pow the error is |y log x| times that.
namespace typeformer::math {

namespace series {

inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
// ln 2 and pi/2 as sums of parts that are short enough for k * part to be exact.
inline constexpr double ln2_high = 0x1.62e42fee00000p-1, ln2_low = 0x1.a39ef35793c76p-33;
inline constexpr double half_pi_1 = 0x1.921fb54400000p+0, half_pi_2 = 0x1.0b4611a600000p-34,
                        half_pi_3 = 0x1.3198a2e037073p-69;

constexpr double power_of_two(int exponent) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
}

constexpr long long nearest_integer(double x) { return static_cast<long long>(x < 0 ? x - 0.5 : x + 0.5); }

/// exp(x) - 1 for |x| < 0.36.
constexpr double expm1_near_zero(double x) {
  double sum = 0;
  for (int n = 17; n >= 1; --n) sum = (sum + 1) * x / n;
  return sum;
}

constexpr double exp(double x) {
  if (is_nan(x)) return x;
  if (x > 709.782712893384) return infinity;
  if (x < -745.2) return 0;
  const auto k = static_cast<int>(nearest_integer(x * 1.4426950408889634));
  const double r = (x - k * ln2_high) - k * ln2_low;
  const int first = k / 2;
  return (1 + expm1_near_zero(r)) * power_of_two(first) * power_of_two(k - first);
}

constexpr double log(double x) {
  if (is_nan(x) || x == infinity) return x;
  if (x < 0) return not_a_number;
  if (x == 0) return -infinity;
  int exponent = 0;
  if (x < (std::numeric_limits<double>::min)()) {
    x *= 0x1p54;
    exponent = -54;
  }
  const auto bits = std::bit_cast<std::uint64_t>(x);
  exponent += static_cast<int>(bits >> 52) - 1023;
  double mantissa = std::bit_cast<double>((bits & 0xfffffffffffffu) | 0x3ff0000000000000u);
  if (mantissa > 1.4142135623730951) {
    mantissa /= 2;
    ++exponent;
  }
  // log m = 2 artanh s
  const double s = (mantissa - 1) / (mantissa + 1), square = s * s;
  double sum = 0;
  for (int n = 25; n >= 3; n -= 2) sum = (sum + 1.0 / n) * square;
  return exponent * ln2_high + (2 * s + (2 * s * sum + exponent * ln2_low));
}

constexpr double sqrt(double x) {
  if (is_nan(x) || x == infinity || x == 0) return x;
  if (x < 0) return not_a_number;
  double rescale = 1;
  if (x < (std::numeric_limits<double>::min)()) {
    x *= 0x1p54;
    rescale = 0x1p-27;
  }
  double root = std::bit_cast<double>((std::bit_cast<std::uint64_t>(x) >> 1) + 0x1ff8000000000000u);
  for (int step = 0; step < 6; ++step) root = 0.5 * (root + x / root);
  return root * rescale;
}

constexpr double tanh(double x) {
  if (x > 20) return 1;
  if (x < -20) return -1;
  const double y = 2 * x;
  const double m = y > -0.35 && y < 0.35 ? expm1_near_zero(y) : series::exp(y) - 1;
  return m / (m + 2);
}

/// Below 3 it is the series of Abramowitz and Stegun 7.1.6, whose terms are all positive. Above 3 it is the continued
/// fraction 7.1.14.
constexpr double erf(double x) {
  const double magnitude = x < 0 ? -x : x;
  if (!(magnitude < 6)) return is_nan(x) ? x : x < 0 ? -1 : 1;
  const double square = x * x, gauss = series::exp(-square);
  if (magnitude < 3) {
    double term = x, sum = x;
    for (int n = 1; n < 80; ++n) sum += term *= 2 * square / (2 * n + 1);
    return 1.1283791670955126 * gauss * sum;
  }
  double fraction = magnitude;
  for (int n = 60; n >= 1; --n) fraction = magnitude + 0.5 * n / fraction;
  const double complement = 0.5641895835477563 * gauss / fraction;
  return x < 0 ? complement - 1 : 1 - complement;
}

constexpr double sin_near_zero(double x) {
  double sum = 0;
  for (int n = 19; n >= 3; n -= 2) sum = -(sum + 1) * x * x / (n * (n - 1));
  return x + x * sum;
}
constexpr double cos_near_zero(double x) {
  double sum = 0;
  for (int n = 20; n >= 2; n -= 2) sum = -(sum + 1) * x * x / (n * (n - 1));
  return 1 + sum;
}

/// sin(x + quarter_turns pi/2); precondition: |x| < 2^20.
constexpr double sin_after_turns(double x, int quarter_turns) {
  const long long k = nearest_integer(x * 0.6366197723675814);
  const auto turns = static_cast<double>(k);
  const double r = ((x - turns * half_pi_1) - turns * half_pi_2) - turns * half_pi_3;
  const auto quadrant = static_cast<int>((k + quarter_turns) & 3);
  const double value = quadrant % 2 == 0 ? sin_near_zero(r) : cos_near_zero(r);
  return quadrant < 2 ? value : -value;
}

constexpr double pow(double x, double y) {
  if (y == 0 || x == 1) return 1;
  if (x == 0) return y > 0 ? 0 : infinity;
  if (x > 0) return series::exp(y * series::log(x));
  if (!(y > -0x1p53 && y < 0x1p53) || y != static_cast<double>(static_cast<long long>(y))) return not_a_number;
  const double value = series::exp(y * series::log(-x));
  return static_cast<long long>(y) % 2 == 0 ? value : -value;
}

}  // namespace series

// Overloads instead of one template: an argument of another type, such as a simd::pack, must find its own function.
#define TYPEFORMER_MATH_FUNCTION(name, in_constant_evaluation)                                                     \
  constexpr double name(double x) { return std::is_constant_evaluated() ? in_constant_evaluation : std::name(x); } \
  constexpr float name(float argument) {                                                                           \
    if (!std::is_constant_evaluated()) return std::name(argument);                                                 \
    const double x = argument;                                                                                     \
    return static_cast<float>(in_constant_evaluation);                                                             \
  }
TYPEFORMER_MATH_FUNCTION(exp, series::exp(x))
TYPEFORMER_MATH_FUNCTION(log, series::log(x))
TYPEFORMER_MATH_FUNCTION(sqrt, series::sqrt(x))
TYPEFORMER_MATH_FUNCTION(tanh, series::tanh(x))
TYPEFORMER_MATH_FUNCTION(erf, series::erf(x))
TYPEFORMER_MATH_FUNCTION(sin, series::sin_after_turns(x, 0))
TYPEFORMER_MATH_FUNCTION(cos, series::sin_after_turns(x, 1))
#undef TYPEFORMER_MATH_FUNCTION

constexpr double pow(double x, double y) { return std::is_constant_evaluated() ? series::pow(x, y) : std::pow(x, y); }
constexpr float pow(float x, float y) {
  return std::is_constant_evaluated() ? static_cast<float>(series::pow(x, y)) : std::pow(x, y);
}

constexpr double fabs(double x) { return x < 0 ? -x : x + 0.0; }
constexpr float fabs(float x) { return x < 0 ? -x : x + 0.0F; }

constexpr double reciprocal(double x) { return 1 / x; }
constexpr float reciprocal(float x) { return 1 / x; }

constexpr double greater(double x, double y) { return x < y ? y : x; }
constexpr float greater(float x, float y) { return x < y ? y : x; }

}  // namespace typeformer::math
