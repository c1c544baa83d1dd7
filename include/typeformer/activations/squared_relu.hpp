// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/activations/activations.hpp>

namespace typeformer {

/// max(x, 0)² (So et al. 2021, arXiv:2109.08668, section 4)
struct squared_relu {
  template <class V> static constexpr V value(V x) {
    const V positive = relu::value(x);
    return positive * positive;
  }
  template <class V> static constexpr V derivative(V x) { return detail::constant<V>(2) * relu::value(x); }
};

}  // namespace typeformer
