// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/contract/observations.hpp>
#include <typeformer/contract/option_checks.hpp>
#include <typeformer/layers/activation.hpp>
#include <typeformer/layers/dense_transform.hpp>
#include <typeformer/layers/language_model_head.hpp>
#include <typeformer/layers/layer_norm.hpp>
#include <typeformer/layers/logits.hpp>

namespace typeformer {

/// Options of a head for masked tokens that leave out b, and c.
struct without_dense_bias {};
struct without_logit_bias {};

/// logits = norm(Function(x Wᵀ + b)) Eᵀ + c with the token embedding's table E: BERT's head for masked tokens (Devlin
/// et al. 2019, arXiv:1810.04805, in its published code). E may be narrower than the stream, as in ALBERT. If `Head` is
/// `untied_head`, E is a separate table of the same shape. Options: `without_dense_bias`, `without_logit_bias`.
///
/// x [rows][width], W [embedding width][width], E [vocabulary][embedding width], c [vocabulary], logits
/// [rows][vocabulary]. Cost: 2 · embedding width · (width + vocabulary) FLOPs per row.
template <class Function, class Norm = layer_norm<>, class Head = tied_head, class... Options> struct masked_lm_head {
  static constexpr const char* name = "masked_lm";
  static constexpr bool has_logit_bias = !has_option<without_logit_bias, Options...>;
  using checked_options = both_checks<
      both_checks<detail::checked_bias_of<Head, masked_lm_head>, detail::checked_function<Function, masked_lm_head>>,
      check_options<masked_lm_head, known_options<without_dense_bias, without_logit_bias>, Options...>>;
  template <class Embedding, class In> using infer_logits = rows<In::rows_are, Embedding::vocabulary>;
  template <index_type Width>
  using transform =
      detail::transform_layers<Width, Function, Norm,
                               std::conditional_t<has_option<without_dense_bias, Options...>, without_bias, with_bias>>;

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
    const auto bias = [&] {
      if constexpr (has_logit_bias)
        return c.template param<parameter_kind::vector, table::vocabulary, 1>(named_rows{"bias", table::vocabulary});
      else return nothing{};
    }();
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
