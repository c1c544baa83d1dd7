// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/activations/activations.hpp>

namespace typeformer {

/// x tanh(log(1 + e^x)) (Misra 2019, arXiv:1908.08681, equation 1), as x n / (n + 2) with n = e^x (e^x + 2).
struct mish {
  template <class V> static constexpr V value(V x) {
    const V two = detail::constant<V>(2), w = bounded_exp(x), n = w * (w + two);
    return x * (n / (n + two));
  }
  template <class V> static constexpr V derivative(V x) {
    const V one = detail::constant<V>(1), two = detail::constant<V>(2), four = detail::constant<V>(4);
    const V w = bounded_exp(x), n = w * (w + two), denominator = n + two;
    return n / denominator + x * (four * w * (w + one) / (denominator * denominator));
  }

 private:
  /// From 20 on n / (n + 2) is 1 even in double, and its derivative is negligible.
  template <class V> static constexpr V bounded_exp(V x) {
    using math::exp;
    using math::greater;
    const V zero = detail::constant<V>(0), most = detail::constant<V>(20);
    return exp(zero - greater(zero - x, zero - most));
  }
};

}  // namespace typeformer
