// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/contract/options.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

/// The factor of `scaled_embedding` and `multiplied`.
template <number F> struct scale_factor {
  static constexpr double value = F.value;
  static constexpr bool in_range = value >= -largest_number && value <= largest_number;
};

/// y = Factor · x.
template <index_type Width, number Factor> struct scale_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * Width; }
};

namespace detail {

template <number Factor, class Walk, class X> constexpr X scaled(Walk& c, X x) {
  if constexpr (Factor.value == 1) {
    return x;
  } else {
    const X y = c.template make<typename X::shape>(x);
    c.run(scale_operation<X::width, Factor>{}, x, out(y));
    return y;
  }
}

}  // namespace detail

}  // namespace typeformer
