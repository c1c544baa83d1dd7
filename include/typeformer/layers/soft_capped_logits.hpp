// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/contract/option_checks.hpp>
#include <typeformer/contract/shape_inference.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/logits.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

namespace error {
/// The head has several outputs, or its logits have a cap already.
template <class Head, class Layer> struct head_takes_no_soft_cap : mismatch {};
}  // namespace error

namespace detail {
template <class Head, class Layer> constexpr auto checked_cap() {
  if constexpr (requires { requires !Head::takes_a_soft_cap; })
    return std::type_identity<error::head_takes_no_soft_cap<Head, Layer>>{};
  else return checked_options_of<Head>();
}
}  // namespace detail

/// The logits of `Head` become Cap · tanh(logits / Cap) (Gemma Team 2024, arXiv:2408.00118, §2); with a cap of 0 they
/// stay as they are. The logits of a model in training are never held for all rows: `cross_entropy` caps them where it
/// computes them.
///
/// `Head` has one output: `tied_head`, `untied_head`, these with `head_with_bias` and `scaled_logits`,
/// `masked_lm_head`, `classifier`, … Cost: that of the head and one tanh per logit.
template <class Head, number Cap> struct soft_capped_logits : Head {
  static constexpr bool takes_a_bias = false, takes_a_scale = false, takes_a_soft_cap = false;
  using checked_options = both_checks<check_arguments<soft_capped_logits, expects<soft_cap<1.0>, soft_cap<Cap>>>,
                                      typename decltype(detail::checked_cap<Head, soft_capped_logits>())::type>;

  template <class Y, class Trace> struct trace_of {
    Y y;
    Trace head;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope s) {
    if constexpr (Cap.value == 0) {
      return Head::walk(c, x, s);
    } else {
      auto head = Head::walk(c, x, s);
      auto y = capped(c, head.y);
      return trace_of<decltype(y), decltype(head)>{y, head};
    }
  }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr auto walk_back(Walk& c, Trace t, DY dy, Scope s) {
    if constexpr (Cap.value == 0) return Head::walk_back(c, t, dy, s);
    else return Head::walk_back(c, t.head, through_cap(c, t.y, dy), s);
  }

 private:
  template <class Walk, class Shape> static constexpr ref<Shape> capped(Walk& c, ref<Shape> logits) {
    return detail::soft_capped<Cap>(c, logits);
  }
  template <class Walk, class H, class Weight, class Bias>
  static constexpr deferred_logits<H, Weight, Bias, Cap> capped(Walk&, deferred_logits<H, Weight, Bias> logits) {
    return {logits.h, logits.weight, logits.bias};
  }

  /// The gradient of the logits before the cap. An objective that has computed the product has gone through the cap.
  template <class Walk, class Y, class DH> static constexpr auto through_cap(Walk&, Y, gradient_before_product<DH> dy) {
    return dy;
  }
  template <class Walk, class Y, class Shape> static constexpr ref<Shape> through_cap(Walk& c, Y y, ref<Shape> dy) {
    const ref<Shape> logits = computed_logits(c, y);
    const ref<Shape> dlogits = c.template make<Shape>(logits, dy);
    c.run(soft_cap_back_operation<Shape::width, Cap>{}, logits, dy, out(dlogits));
    return dlogits;
  }
  template <class Walk, class Y, class First, class Second>
  static constexpr auto through_cap(Walk& c, Y y, gradient_pair<First, Second> dy) {
    auto first = through_cap(c, y, dy.first);
    auto second = through_cap(c, y, dy.second);
    return gradient_pair<decltype(first), decltype(second)>{first, second};
  }
};

}  // namespace typeformer
