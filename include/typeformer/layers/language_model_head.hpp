// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/contract/mismatches.hpp>
#include <typeformer/contract/observations.hpp>
#include <typeformer/contract/options.hpp>
#include <typeformer/layers/logits.hpp>

namespace typeformer {

namespace error {
/// Only `tied_head` and `untied_head` take a bias, and only one.
template <class Head, class Layer> struct head_takes_no_bias : mismatch {};
}  // namespace error

namespace detail {

template <class Head> inline constexpr bool takes_a_bias = requires { requires Head::takes_a_bias; };
template <class Head, class Layer>
using checked_bias_of = std::conditional_t<takes_a_bias<Head>, nothing, error::head_takes_no_bias<Head, Layer>>;

template <class Walk, class X, class Weight, class Bias = nothing>
constexpr auto walk_head(Walk& c, X x, Weight weight, Bias bias = {}) {
  c.observe(observation::final_hidden_state, x);
  return walk_logits(c, x, weight, bias);
}

}  // namespace detail

/// logits = h Eᵀ with the token embedding's own table E (Press, Wolf 2017, arXiv:1608.05859).
///
/// h [rows][width], E [vocabulary][width], logits [rows][vocabulary]. The last layer of a model; an embedding of
/// another width is a mismatch. Cost: 2 · width · vocabulary FLOPs per row.
struct tied_head {
  static constexpr const char* name = "head";
  static constexpr bool takes_a_bias = true, takes_a_scale = true;
  template <class Embedding, class In>
  using infer_logits = std::conditional_t<
      In::width == Embedding::width, rows<In::rows_are, Embedding::vocabulary>,
      error::tied_head_has_another_width_than_the_embedding<width<In::width>, width<Embedding::width>, tied_head>>;

  template <index_type Width, class Walk, class Scope> static constexpr auto weight(Walk&, Scope s) {
    return value_for<passes::token_table>(s);
  }
  template <class Walk, class Scope> static constexpr nothing bias(Walk&, Scope) { return {}; }
  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope s) {
    return detail::walk_head(c, x, value_for<passes::token_table>(s));
  }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr auto walk_back(Walk& c, Trace t, DY dy, Scope) {
    return detail::walk_back_logits(c, t.product, dy);
  }
};

/// logits = h Wᵀ with its own weights W.
///
/// h [rows][width], W [vocabulary][width], logits [rows][vocabulary]; it has no bias, see `head_with_bias`. Cost: 2 ·
/// width · vocabulary FLOPs per row.
struct untied_head {
  static constexpr const char* name = "head";
  static constexpr bool takes_a_bias = true, takes_a_scale = true;
  template <class Embedding, class In> using infer_logits = rows<In::rows_are, Embedding::vocabulary>;

  template <index_type Width, class Walk, class Scope> static constexpr auto weight(Walk& c, Scope) {
    constexpr index_type classes = entry_for<passes::token_table, Scope>::vocabulary;
    c.enter(name);
    const auto own = c.template param<parameter_kind::matrix, classes, Width>(named_rows{"weight", classes});
    c.leave();
    return own;
  }
  template <class Walk, class Scope> static constexpr nothing bias(Walk&, Scope) { return {}; }
  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope s) {
    return detail::walk_head(c, x, weight<X::width>(c, s));
  }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr auto walk_back(Walk& c, Trace t, DY dy, Scope) {
    return detail::walk_back_logits(c, t.product, dy);
  }
};

/// logits = h Wᵀ + b, where W is that of `Head`: `tied_head`, or `untied_head` (GPT-J's `lm_head`).
///
/// b [vocabulary], named `head.bias` (`lm_head.bias` in Hugging Face's files). Cost: that of the head.
template <class Head> struct head_with_bias : Head {
  static constexpr bool takes_a_bias = false;
  using checked_options = detail::checked_bias_of<Head, head_with_bias>;

  template <class Walk, class Scope> static constexpr auto bias(Walk& c, Scope) {
    constexpr index_type classes = entry_for<passes::token_table, Scope>::vocabulary;
    c.enter(Head::name);
    const auto own = c.template param<parameter_kind::vector, classes, 1>(named_rows{"bias", classes});
    c.leave();
    return own;
  }
  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope s) {
    const auto weight = Head::template weight<X::width>(c, s);
    return detail::walk_head(c, x, weight, bias(c, s));
  }
};

}  // namespace typeformer
