// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/scope.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

template <index_type Width, index_type Classes> struct head_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 2 * rows * Width * Classes; }
};

/// What a head gives to an objective: logits that are h Wᵀ + b, not yet computed.
template <class H, class Weight, class Bias = nothing> struct deferred_logits {
  static constexpr index_type classes = Weight::rows;
  H h;
  Weight weight;
  Bias bias{};
};

template <index_type Width> struct select_last_rows_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};

namespace detail {

/// The rows whose logits the use asks for: all, or of tokens the last one of each sequence.
template <class Walk, class X> constexpr auto rows_with_logits(Walk& c, X x) {
  if constexpr (Walk::use::delivers_last_rows && X::rows_are == axis::token) {
    const auto last = c.template make<sequence_rows<X::width>>();
    c.run(select_last_rows_operation<X::width>{}, x, out(last));
    return last;
  } else {
    return x;
  }
}

template <class Y> struct head_trace {
  Y y;
};

/// logits = h Wᵀ + b of the rows that the use asks for, or what an objective needs to compute them.
template <class Walk, class X, class Weight, class Bias = nothing>
constexpr auto walk_logits(Walk& c, X x, Weight weight, Bias bias = {}) {
  const auto h = rows_with_logits(c, x);
  using H = std::remove_const_t<decltype(h)>;
  if constexpr (Walk::use::defers_logits) {
    return head_trace<deferred_logits<H, Weight, Bias>>{{h, weight, bias}};
  } else {
    using logits = ref<rows<H::rows_are, Weight::rows>>;
    const logits y = c.template make<typename logits::shape>();
    c.run(head_operation<H::width, Weight::rows>{}, h, weight, bias, out(y));
    return head_trace<logits>{y};
  }
}

}  // namespace detail

}  // namespace typeformer
