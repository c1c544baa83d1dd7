// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/composition/named.hpp>
#include <typeformer/composition/sequential.hpp>
#include <typeformer/contract/observations.hpp>
#include <typeformer/layers/activation.hpp>
#include <typeformer/layers/language_model_head.hpp>
#include <typeformer/layers/layer_norm.hpp>
#include <typeformer/layers/linear.hpp>
#include <typeformer/layers/logits.hpp>

namespace typeformer {

/// logits = norm(Function(x Wᵀ + b)) Eᵀ + c with the token embedding's table E: BERT's head for masked tokens (Devlin
/// et al. 2019, arXiv:1810.04805, in its published code). E may be narrower than the stream, as in ALBERT. If `Head` is
/// `untied_head`, E is a separate table of the same shape.
///
/// x [rows][width], W [embedding width][width], E [vocabulary][embedding width], c [vocabulary], logits
/// [rows][vocabulary]. Cost: 2 · embedding width · (width + vocabulary) FLOPs per row.
template <class Function, class Norm = layer_norm<>, class Head = tied_head> struct masked_lm_head {
  static constexpr const char* name = "masked_lm";
  using checked_options =
      both_checks<detail::checked_bias_of<Head, masked_lm_head>, detail::checked_function<Function, masked_lm_head>>;
  template <class Embedding, class In> using infer_logits = rows<In::rows_are, Embedding::vocabulary>;
  template <index_type Width>
  using transform = sequential<named<"dense", linear<Width>>, activation<Function>, named<"norm", Norm>>;

  template <class Transform, class Logits> struct trace_of {
    decltype(Logits::y) y;
    Transform transform;
    Logits logits;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope s) {
    using table = entry_for<passes::token_table, Scope>;
    c.observe(observation::final_hidden_state, x);
    c.enter(name);
    const auto t = transform<table::width>::walk(c, x, s);
    const auto bias =
        c.template param<parameter_kind::vector, table::vocabulary, 1>(named_rows{"bias", table::vocabulary});
    const auto weight = Head::template weight<table::width>(c, s);
    c.leave();
    const auto logits = detail::walk_logits(c, t.y, weight, bias);
    return trace_of<std::remove_const_t<decltype(t)>, std::remove_const_t<decltype(logits)>>{logits.y, t, logits};
  }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr auto walk_back(Walk& c, Trace t, DY dy, Scope s) {
    const auto dh = detail::walk_back_logits(c, t.logits.product, dy);
    return transform<decltype(dh)::width>::walk_back(c, t.transform, dh, s);
  }
};

}  // namespace typeformer
