// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/buffer_operations.hpp>
#include <typeformer/contract/gradient_if_any.hpp>
#include <typeformer/contract/options.hpp>
#include <typeformer/contract/scope.hpp>
#include <typeformer/layers/linear.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

template <index_type Width, index_type Classes> struct head_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 2 * rows * Width * Classes; }
};

/// y = Cap · tanh(x / Cap), and its gradient from y.
template <index_type Width, number Cap> struct soft_cap_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 3 * rows * Width; }
};
template <index_type Width, number Cap> struct soft_cap_back_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 4 * rows * Width; }
};

/// Logits h Wᵀ + b that are not computed yet: the output of a head if the use defers them. A `Cap` that is not 0 is
/// their soft cap.
template <class H, class Weight, class Bias = nothing, number Cap = 0.0> struct deferred_logits {
  static constexpr index_type classes = Weight::rows;
  H h;
  Weight weight;
  Bias bias{};
};

/// The gradient of deferred logits whose product's backward pass is already done: it holds that of h; those of W and b
/// are added.
template <class DH> struct gradient_before_product {
  DH dh;
};
/// The sum of two gradients of different kinds.
template <class First, class Second> struct gradient_pair {
  First first;
  Second second;
};

template <index_type Width> struct select_last_rows_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};

namespace detail {
template <number Cap, class Walk, class X> constexpr X soft_capped(Walk& c, X x) {
  if constexpr (Cap.value == 0) {
    return x;
  } else {
    const X y = c.template make<typename X::shape>(x);
    c.run(soft_cap_operation<X::width, Cap>{}, x, out(y));
    return y;
  }
}
}  // namespace detail

/// Logits as a buffer, whether they were deferred or not.
template <class Walk, class H, class Weight, class Bias, number Cap>
constexpr auto computed_logits(Walk& c, deferred_logits<H, Weight, Bias, Cap> product) {
  const auto y = c.template make<rows<H::rows_are, Weight::rows>>();
  c.run(head_operation<H::width, Weight::rows>{}, product.h, product.weight, product.bias, out(y));
  return detail::soft_capped<Cap>(c, y);
}
template <class Walk, class Shape> constexpr ref<Shape> computed_logits(Walk&, ref<Shape> y) { return y; }

namespace detail {

/// The rows whose logits the use asks for: all, or, for tokens, the last one of each sequence.
template <class Walk, class X> constexpr auto rows_with_logits(Walk& c, X x) {
  if constexpr (Walk::use::delivers_last_rows && X::rows_are == axis::token) {
    const auto last = c.template make<sequence_rows<X::width>>();
    c.run(select_last_rows_operation<X::width>{}, x, out(last));
    return last;
  } else {
    return x;
  }
}

template <class Y, class H, class Weight, class Bias> struct head_trace {
  Y y;
  deferred_logits<H, Weight, Bias> product;
};

/// logits = h Wᵀ + b for the rows that the use asks for, or what an objective needs to compute them.
template <class Walk, class X, class Weight, class Bias = nothing>
constexpr auto walk_logits(Walk& c, X x, Weight weight, Bias bias = {}) {
  const auto h = rows_with_logits(c, x);
  using H = std::remove_const_t<decltype(h)>;
  const deferred_logits<H, Weight, Bias> product{h, weight, bias};
  if constexpr (Walk::use::defers_logits) {
    return head_trace<deferred_logits<H, Weight, Bias>, H, Weight, Bias>{product, product};
  } else {
    const auto y = computed_logits(c, product);
    return head_trace<std::remove_const_t<decltype(y)>, H, Weight, Bias>{y, product};
  }
}

/// The gradient of h from the gradient of the logits in any form. Those of W and b are added.
template <class Walk, class Product, class DH>
constexpr DH walk_back_logits(Walk&, Product, gradient_before_product<DH> dy) {
  return dy.dh;
}
template <class Walk, class H, class Weight, class Bias, class Shape>
constexpr H walk_back_logits(Walk& c, deferred_logits<H, Weight, Bias> product, ref<Shape> dy) {
  const H dh = c.template make<typename H::shape>();
  c.run(linear_back_operation<H::width, Weight::rows>{}, product.h, product.weight, dy, out(dh),
        gradient_of(product.weight), gradient_if_any(product.bias));
  return dh;
}
template <class Walk, class Product, class First, class Second>
constexpr auto walk_back_logits(Walk& c, Product product, gradient_pair<First, Second> dy) {
  const auto first = walk_back_logits(c, product, dy.first), second = walk_back_logits(c, product, dy.second);
  const auto dh = c.template make<typename decltype(first)::shape>(first, second);
  c.run(add_operation<decltype(dh)::width>{}, first, second, out(dh));
  return dh;
}

}  // namespace detail

}  // namespace typeformer
