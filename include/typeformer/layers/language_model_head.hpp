// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatches.hpp>
#include <typeformer/contract/observations.hpp>
#include <typeformer/contract/options.hpp>
#include <typeformer/layers/logits.hpp>

namespace typeformer {

namespace detail {

template <class Context, class X, class Weight> constexpr auto walk_head(Context& c, X x, Weight weight) {
  c.observe(observation::final_hidden_state, x);
  return walk_logits(c, x, weight);
}

}  // namespace detail

/// logits = h Eᵀ with the token embedding's own table E (Press, Wolf 2017, arXiv:1608.05859).
///
/// h [rows][width], E [vocabulary][width], logits [rows][vocabulary]. The last layer of a model; an embedding of another
/// width is a mismatch. Cost: 2 · width · vocabulary FLOPs a row.
struct tied_head {
  static constexpr const char* name = "head";
  template <class Embedding, class In>
  using infer_logits =
      std::conditional_t<In::width == Embedding::width, rows<In::rows_are, Embedding::vocabulary>,
                         error::tied_head_has_another_width_than_the_embedding<
                             width<In::width>, width<Embedding::width>, tied_head>>;

  template <index Width, class Context, class Scope> static constexpr auto weight(Context&, Scope s) {
    return value_for<passes::token_table>(s);
  }
  template <class Context, class X, class Scope> static constexpr auto walk(Context& c, X x, Scope s) {
    return detail::walk_head(c, x, value_for<passes::token_table>(s));
  }
  /// The objective walked back through the logits already.
  template <class Context, class Trace, class DH, class Scope>
  static constexpr DH walk_back(Context&, Trace, DH dh, Scope) {
    return dh;
  }
};

/// logits = h Wᵀ with weights of its own.
///
/// h [rows][width], W [vocabulary][width], logits [rows][vocabulary]; without bias.
/// Cost: 2 · width · vocabulary FLOPs a row.
struct untied_head {
  static constexpr const char* name = "head";
  template <class Embedding, class In> using infer_logits = rows<In::rows_are, Embedding::vocabulary>;

  template <index Width, class Context, class Scope> static constexpr auto weight(Context& c, Scope) {
    constexpr index classes = entry_for<passes::token_table, Scope>::vocabulary;
    c.enter(name);
    const auto own = c.template param<parameter_kind::matrix, classes, Width>(named_rows{"weight", classes});
    c.leave();
    return own;
  }
  template <class Context, class X, class Scope> static constexpr auto walk(Context& c, X x, Scope s) {
    return detail::walk_head(c, x, weight<X::width>(c, s));
  }
  /// The objective walked back through the logits already.
  template <class Context, class Trace, class DH, class Scope>
  static constexpr DH walk_back(Context&, Trace, DH dh, Scope) {
    return dh;
  }
};

}  // namespace typeformer
