// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>
#include <type_traits>

#include <typeformer/foundation/math.hpp>

/// Activation functions, each written once. `value(x)` and `derivative(x)` take a scalar or a vector type V. V is
/// constructible from a scalar and has its own exp, tanh, erf, max, < and select.
namespace typeformer {

namespace detail {

template <class V> constexpr V constant(double number) {
  if constexpr (std::is_floating_point_v<V>) return static_cast<V>(number);
  else return V(static_cast<float>(number));
}

}  // namespace detail

/// 1 / (1 + e^-x)
struct sigmoid {
  template <class V> static constexpr V value(V x) {
    using math::exp;
    using math::reciprocal;
    return reciprocal(detail::constant<V>(1) + exp(detail::constant<V>(0) - x));
  }
  template <class V> static constexpr V derivative(V x) {
    const V s = value(x);
    return s * (detail::constant<V>(1) - s);
  }
};

/// tanh x
struct tanh_activation {
  template <class V> static constexpr V value(V x) {
    using math::tanh;
    return tanh(x);
  }
  template <class V> static constexpr V derivative(V x) {
    const V t = value(x);
    return detail::constant<V>(1) - t * t;
  }
};

/// max(x, 0); the derivative at 0 is 0.
struct relu {
  template <class V> static constexpr V value(V x) {
    using math::greater;
    return greater(x, detail::constant<V>(0));
  }
  template <std::floating_point V> static constexpr V derivative(V x) { return x > 0 ? V{1} : V{0}; }
  template <class V> static constexpr V derivative(V x) {
    const V zero = detail::constant<V>(0);
    return select(zero < x, detail::constant<V>(1), zero);
  }
};

/// x sigmoid(x) (Elfwing, Uchibe, Doya 2017, equation 2)
struct silu {
  template <class V> static constexpr V value(V x) { return x * sigmoid::value(x); }
  template <class V> static constexpr V derivative(V x) {
    const V s = sigmoid::value(x), one = detail::constant<V>(1);
    return s * (one + x * (one - s));
  }
};

/// x sigmoid(1.702 x) (Hendrycks, Gimpel 2016, section 2)
struct quick_gelu {
  template <class V> static constexpr V value(V x) { return x * sigmoid::value(detail::constant<V>(1.702) * x); }
  template <class V> static constexpr V derivative(V x) {
    const V k = detail::constant<V>(1.702), one = detail::constant<V>(1), s = sigmoid::value(k * x);
    return s * (one + k * x * (one - s));
  }
};

/// x Phi(x) = x/2 (1 + erf(x/sqrt 2)) (Hendrycks, Gimpel 2016, section 2)
struct gelu_erf {
  template <class V> static constexpr V value(V x) { return x * normal_distribution(x); }
  template <class V> static constexpr V derivative(V x) {
    using math::exp;
    const V density = detail::constant<V>(0.3989422804014327) * exp(detail::constant<V>(-0.5) * x * x);
    return normal_distribution(x) + x * density;
  }

 private:
  template <class V> static constexpr V normal_distribution(V x) {
    using math::erf;
    const V half = detail::constant<V>(0.5);
    return half + half * erf(detail::constant<V>(0.7071067811865476) * x);
  }
};

/// x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) (Hendrycks, Gimpel 2016, section 2), computed as x sigmoid(2 u), for
/// (1 + tanh u) / 2 = sigmoid(2 u) without the loss of digits where tanh u is near -1.
struct gelu_tanh {
  template <class V> static constexpr V value(V x) { return x * sigmoid::value(twice_argument(x)); }
  template <class V> static constexpr V derivative(V x) {
    const V one = detail::constant<V>(1), s = sigmoid::value(twice_argument(x));
    const V slope = detail::constant<V>(2 * root) * (one + detail::constant<V>(3 * cubic) * x * x);
    return s + x * (s * (one - s)) * slope;
  }

 private:
  static constexpr double root = 0.7978845608028654, cubic = 0.044715;
  template <class V> static constexpr V twice_argument(V x) {
    return detail::constant<V>(2 * root) * x * (detail::constant<V>(1) + detail::constant<V>(cubic) * x * x);
  }
};

}  // namespace typeformer
