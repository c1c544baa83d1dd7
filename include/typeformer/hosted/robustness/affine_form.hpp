// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <type_traits>

#include <typeformer/foundation/config.hpp>
#include <typeformer/hosted/robustness/interval.hpp>

namespace typeformer {

/// A number as a linear function of what is unknown: center + Σ part_k e_k + error, where each e_k is anywhere from −1
/// to 1 and the last term anywhere from −error to error (affine arithmetic: de Figueiredo, Stolfi 2004; of transformers:
/// Bonaert et al. 2021, DeepT).
///
/// Sums keep what two numbers have in common, so that a residual stream does not grow as it does for an `interval`. The
/// range that interval arithmetic gives is kept, too, so that the bounds are never wider; a form that is much wider than
/// its range is replaced by that. Results hold for exact arithmetic: `error` includes what is rounded. As an `interval`, it
/// has no order. Cost: `Parts` + 4 numbers.
template <index_type Parts> class affine_form {
 public:
  constexpr affine_form() = default;
  template <class Number>
    requires std::is_arithmetic_v<Number>
  constexpr explicit affine_form(Number point) : center_{double(point)}, range_{point} {}

  constexpr interval range() const { return range_; }
  /// Adds what is unknown: `radius` times e_part.
  void widen(index_type part, double radius) {
    parts_[std::size_t(part)] += radius;
    range_ += interval{-radius, radius};
    is_point_ = is_point_ && radius == 0;
  }
  /// The error becomes an unknown of its own, which no other number has. It is then the same in all that is made of this.
  void name_error(index_type part) {
    parts_[std::size_t(part)] += error_;
    error_ = 0;
    is_point_ = false;
  }
  /// The same number, of which more is known.
  affine_form within(interval known) const {
    affine_form y = *this;
    y.settle(known);
    return y;
  }
  /// slope · x + middle, plus or minus `more`.
  affine_form mapped(double slope, double middle, double more) const {
    affine_form y;
    y.is_point_ = is_point_ && more == 0;
    y.center_ = slope * center_ + middle;
    if (!is_point_)
      for (std::size_t k = 0; k < parts_.size(); ++k) y.parts_[k] = slope * parts_[k];
    y.error_ = std::abs(slope) * error_ + more;
    y.finish(std::abs(middle) + std::abs(slope * center_),
             interval(slope) * range_ + interval(middle) + interval{-more, more});
    return y;
  }
  affine_form operator-() const { return mapped(-1, 0, 0); }

  friend affine_form operator+(const affine_form& a, const affine_form& b) {
    affine_form y = a;
    return y += b;
  }
  friend affine_form operator-(const affine_form& a, const affine_form& b) { return a + -b; }
  friend affine_form operator*(const affine_form& a, const affine_form& b) {
    if (a.is_point_) return b.times_point(a);
    if (b.is_point_) return a.times_point(b);
    const double of_a = a.radius(), of_b = b.radius();
    affine_form y;
    y.is_point_ = false;
    y.center_ = a.center_ * b.center_;
    for (std::size_t k = 0; k < y.parts_.size(); ++k) y.parts_[k] = a.center_ * b.parts_[k] + b.center_ * a.parts_[k];
    y.error_ = std::abs(a.center_) * b.error_ + std::abs(b.center_) * a.error_ + of_a * of_b;
    y.finish(std::abs(a.center_) * of_b + std::abs(b.center_) * of_a, a.range_ * b.range_);
    return y;
  }
  /// Precondition: b is a point, and not 0.
  friend affine_form operator/(const affine_form& a, const affine_form& b) { return a.mapped(1 / b.center_, 0, 0); }
  affine_form& operator+=(const affine_form& b) {
    const double size = std::abs(center_) + std::abs(b.center_);
    center_ += b.center_;
    error_ += b.error_;
    if (!b.is_point_) {
      for (std::size_t k = 0; k < parts_.size(); ++k) parts_[k] += b.parts_[k];
      is_point_ = false;
    }
    finish(size, range_ + b.range_);
    return *this;
  }
  affine_form& operator*=(const affine_form& b) { return *this = *this * b; }
  affine_form& operator/=(const affine_form& b) { return *this = *this / b; }

  /// x², for which the square of what varies is between 0 and that of the radius.
  friend affine_form square(const affine_form& x) {
    const double radius = x.radius(), half = radius * radius / 2, c = x.center_;
    return x.mapped(2 * c, half - c * c, half).within(typeformer::square(x.range_));
  }

 private:
  double radius() const {
    if (is_point_) return error_;
    double sum = error_;
    for (const double part : parts_) sum += std::abs(part);
    return sum * (1 + 0x1p-40);
  }
  affine_form times_point(const affine_form& point) const {
    affine_form y = mapped(point.center_, 0, point.error_ * (std::abs(center_) + radius()));
    y.settle(range_ * point.range_);
    return y;
  }
  /// Adds the rounding errors of numbers of this size.
  void finish(double size, interval known) {
    error_ += (std::abs(center_) + radius() + size) * 0x1p-48 + 0x1p-1000;
    range_ = known;
    settle(known);
  }
  void settle(interval known) {
    const double r = radius();
    range_ = {(std::max)(range_.lower, known.lower), (std::min)(range_.upper, known.upper)};
    if (r <= 2 * range_.width() + 0x1p-40 * std::abs(center_)) {
      range_.lower = (std::max)(range_.lower, detail::below(center_ - r));
      range_.upper = (std::min)(range_.upper, detail::above(center_ + r));
    } else {
      center_ = (range_.lower + range_.upper) / 2;
      error_ = detail::above(range_.width() / 2) + std::abs(center_) * 0x1p-50;
      parts_.fill(0);
    }
  }

  double center_ = 0, error_ = 0;
  interval range_;
  std::array<double, std::size_t(Parts)> parts_{};
  bool is_point_ = true;
};

namespace detail {

template <index_type Parts> void widen(affine_form<Parts>& x, index_type part, double radius) { x.widen(part, radius); }
template <index_type Parts> void name_error(affine_form<Parts>& x, index_type part) { x.name_error(part); }
template <index_type Parts> interval range_of(const affine_form<Parts>& x) { return x.range(); }

/// f(x) as a line along the chord over a range that holds x, plus an error: `deviation(slope)` gives the smallest and the
/// largest f(t) − slope · t there, and `known` bounds f.
template <index_type Parts, class F, class Deviation>
affine_form<Parts> linearized(const affine_form<Parts>& x, interval range, interval known, F f, Deviation deviation) {
  const double width = range.width();
  const double slope = width > 1e-12 ? (f(range.upper) - f(range.lower)) / width : 0;
  const interval off = deviation(slope);
  const double largest = (std::max)(std::abs(range.lower), std::abs(range.upper));
  const double slack = 0x1p-45 * (std::abs(off.lower) + std::abs(off.upper) + std::abs(slope) * largest + 1e-300);
  return x.mapped(slope, (off.lower + off.upper) / 2, off.width() / 2 + slack).within(known);
}

/// The same for a convex function, which is farthest below the chord where its derivative is the slope.
template <index_type Parts, class F, class PlaceOfSlope>
affine_form<Parts> convex(const affine_form<Parts>& x, interval range, interval known, F f,
                          PlaceOfSlope place_of_slope) {
  return linearized(x, range, known, f, [&](double slope) {
    const double a = f(range.lower) - slope * range.lower, b = f(range.upper) - slope * range.upper;
    double least = (std::min)(a, b);
    if (slope != 0) {
      const double t = (std::min)((std::max)(place_of_slope(slope), range.lower), range.upper);
      least = (std::min)(least, f(t) - slope * t);
    }
    return interval{least, (std::max)(a, b)};
  });
}

template <index_type Parts> affine_form<Parts> exp_of(const affine_form<Parts>& x) {
  const auto f = [](double t) { return std::exp(t); };
  return convex(x, x.range(), of_rising(f, x.range()), f, [](double slope) { return std::log(slope); });
}
/// Of a function that falls and is convex, where x is at least `least` > 0, whatever its range says.
template <index_type Parts, class F, class PlaceOfSlope>
affine_form<Parts> falling(const affine_form<Parts>& x, double least, F f, PlaceOfSlope place_of_slope) {
  const interval range{(std::max)(x.range().lower, least), (std::max)(x.range().upper, least)};
  return convex(x, range, -of_rising([&](double t) { return -f(t); }, range), f, place_of_slope);
}
template <index_type Parts> affine_form<Parts> reciprocal_of(const affine_form<Parts>& x, double least) {
  return falling(
      x, least, [](double t) { return 1 / t; }, [](double slope) { return 1 / std::sqrt(-slope); });
}
template <index_type Parts> affine_form<Parts> reciprocal_root_of(const affine_form<Parts>& x, double least) {
  return falling(
      x, least, [](double t) { return 1 / std::sqrt(t); }, [](double slope) { return std::pow(-2 * slope, -2.0 / 3); });
}

}  // namespace detail

}  // namespace typeformer
