// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/scope.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

template <index Width, index Classes> struct head_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 2 * rows * Width * Classes; }
};

/// What a head gives to an objective: logits that are h Wᵀ + b, not yet computed.
template <class H, class Weight, class Bias = nothing> struct deferred_logits {
  static constexpr index classes = Weight::rows;
  H h;
  Weight weight;
  Bias bias{};
};

namespace detail {

template <class Y> struct head_trace {
  Y y;
};

/// logits = h Wᵀ + b, or what an objective needs to compute them.
template <class Context, class H, class Weight, class Bias = nothing>
constexpr auto walk_logits(Context& c, H h, Weight weight, Bias bias = {}) {
  if constexpr (Context::use::defers_logits) {
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
