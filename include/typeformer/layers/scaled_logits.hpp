// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/contract/option_checks.hpp>
#include <typeformer/contract/shape_inference.hpp>
#include <typeformer/layers/language_model_head.hpp>
#include <typeformer/layers/scale.hpp>

namespace typeformer {

namespace error {
/// Only `tied_head`, `untied_head` and `head_with_bias` of one of them take a scale, and only one.
template <class Head, class Layer> struct head_takes_no_scale : mismatch {};
}  // namespace error

namespace detail {
template <class Head, class Layer> constexpr auto checked_scale() {
  if constexpr (!requires { requires Head::takes_a_scale; })
    return std::type_identity<error::head_takes_no_scale<Head, Layer>>{};
  else return checked_options_of<Head>();
}
}  // namespace detail

/// logits = Factor · h Wᵀ: a head with scaled logits, so that a table initialized with a standard deviation of 1 can be
/// tied to it (Chowdhery et al. 2022, arXiv:2204.02311, §5: 1/√width).
///
/// `Head` is `tied_head`, `untied_head` or `head_with_bias` of one of them, whose bias is not scaled. Cost: that of the
/// head and width FLOPs per row.
template <class Head, number Factor> struct scaled_logits : Head {
  static constexpr bool takes_a_bias = false, takes_a_scale = false;
  using checked_options = both_checks<check_arguments<scaled_logits, expects<scale_factor<1.0>, scale_factor<Factor>>>,
                                      typename decltype(detail::checked_scale<Head, scaled_logits>())::type>;

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope s) {
    c.observe(observation::final_hidden_state, x);
    const auto h = detail::scaled<Factor>(c, detail::rows_with_logits(c, x));
    const auto weight = Head::template weight<X::width>(c, s);
    return detail::walk_logits(c, h, weight, Head::bias(c, s));
  }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr auto walk_back(Walk& c, Trace t, DY dy, Scope) {
    return detail::scaled<Factor>(c, detail::walk_back_logits(c, t.product, dy));
  }
};

}  // namespace typeformer
