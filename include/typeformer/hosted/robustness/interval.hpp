// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cmath>
#include <type_traits>

#include <typeformer/foundation/config.hpp>

namespace typeformer {

namespace detail {
// A result of arithmetic or of the library's exp, log, tanh and sqrt, moved outward by more than its rounding error.
constexpr double below(double x) { return x - ((x < 0 ? -x : x) * 0x1p-51 + 0x1p-1000); }
constexpr double above(double x) { return x + ((x < 0 ? -x : x) * 0x1p-51 + 0x1p-1000); }
}  // namespace detail

/// All numbers from `lower` to `upper`: a scalar type on which the executor runs a walk. The result of an operation
/// holds the results for all numbers of its arguments (Moore 1966, "Interval Analysis"); bounds are rounded outward.
///
/// There is no order and no conversion to a number, so that code which compares numbers or branches on them does not
/// compile: such an operation needs an `execute` of its own for intervals. Precondition: lower ≤ upper.
struct interval {
  double lower = 0, upper = 0;

  constexpr interval() = default;
  template <class Number>
    requires std::is_arithmetic_v<Number>
  constexpr explicit interval(Number point) : lower{double(point)}, upper{double(point)} {}
  constexpr interval(double from, double to) : lower{from}, upper{to} {}

  constexpr double width() const { return upper - lower; }
  constexpr bool holds(double x) const { return lower <= x && x <= upper; }
  constexpr interval operator-() const { return {-upper, -lower}; }

  friend constexpr interval operator+(interval a, interval b) {
    return {detail::below(a.lower + b.lower), detail::above(a.upper + b.upper)};
  }
  friend constexpr interval operator-(interval a, interval b) { return a + -b; }
  friend constexpr interval operator*(interval a, interval b) {
    const double products[] = {a.lower * b.lower, a.lower * b.upper, a.upper * b.lower, a.upper * b.upper};
    return {detail::below(*std::min_element(products, products + 4)),
            detail::above(*std::max_element(products, products + 4))};
  }
  /// Precondition: 0 is not in b.
  friend constexpr interval operator/(interval a, interval b) {
    return a * interval{detail::below(1 / b.upper), detail::above(1 / b.lower)};
  }
  constexpr interval& operator+=(interval b) { return *this = *this + b; }
  constexpr interval& operator-=(interval b) { return *this = *this - b; }
  constexpr interval& operator*=(interval b) { return *this = *this * b; }
  constexpr interval& operator/=(interval b) { return *this = *this / b; }
};

/// x², which is never negative.
constexpr interval square(interval x) {
  const double a = x.lower * x.lower, b = x.upper * x.upper;
  const double least = x.lower <= 0 && x.upper >= 0 ? 0 : detail::below((std::min)(a, b));
  return {(std::max)(0.0, least), detail::above((std::max)(a, b))};
}

/// The values of a function that never falls.
template <class F> interval of_rising(F f, interval x) {
  return {detail::below(double(f(x.lower))), detail::above(double(f(x.upper)))};
}

namespace detail {
/// Adds what is unknown, number `part` of all.
constexpr void widen(interval& x, index_type, double radius) { x += interval{-radius, radius}; }
constexpr void name_error(interval&, index_type) {}
constexpr interval range_of(interval x) { return x; }
}  // namespace detail

}  // namespace typeformer
