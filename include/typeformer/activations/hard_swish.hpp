// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>

#include <typeformer/activations/activations.hpp>

namespace typeformer {

/// x min(max(x/6 + 1/2, 0), 1) (Howard et al. 2019, arXiv:1905.02244, section 5.2); the derivative is 0 at -3 and 1
/// at 3.
struct hard_swish {
  template <class V> static constexpr V value(V x) { return x * hard_sigmoid(x); }
  template <std::floating_point V> static constexpr V derivative(V x) {
    return x <= -3 ? V{0} : x >= 3 ? V{1} : x / 3 + V{0.5};
  }
  template <class V> static constexpr V derivative(V x) {
    const V zero = detail::constant<V>(0), one = detail::constant<V>(1), three = detail::constant<V>(3);
    const V inside = x * detail::constant<V>(1.0 / 3) + detail::constant<V>(0.5);
    return select(x < three, select(zero - three < x, inside, zero), one);
  }

 private:
  template <class V> static constexpr V hard_sigmoid(V x) {
    using math::greater;
    const V zero = detail::constant<V>(0), one = detail::constant<V>(1);
    const V line = x * detail::constant<V>(1.0 / 6) + detail::constant<V>(0.5);
    return one - greater(one - greater(line, zero), zero);
  }
};

}  // namespace typeformer
