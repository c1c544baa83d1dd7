// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <type_traits>

#include <typeformer/execution/objective_operations.hpp>
#include <typeformer/layers/logits.hpp>
#include <typeformer/memory/use.hpp>
#include <typeformer/objectives/objective.hpp>
#include <typeformer/shape/inputs.hpp>

namespace typeformer {

namespace detail {
/// Σ scale · logit[label] over the rows that have a label. The gradient of the logits is dense.
template <class Labels, class Walk, class Output> constexpr auto walk_label_logits(Walk& c, Output output) {
  const auto y = computed_logits(c, output);
  using shape = typename decltype(y)::shape;
  const auto labels = c.template input<Labels>();
  const auto scale = c.template input<loss_scale_of<Labels>>();
  const auto found = c.template make<objective_findings<Walk>>();
  using findings = std::remove_const_t<decltype(found)>;
  if constexpr (Walk::use::what_for == purpose::train) {
    const auto dy = c.template make<shape>(y);
    c.run(label_logits_gradient_operation<shape::width>{}, y, labels, scale, out(found), out(dy));
    return objective_result<findings, ref<shape>>{found, dy};
  } else {
    c.run(label_logits_operation<shape::width>{}, y, labels, scale, out(found));
    return objective_result<findings, nothing>{found, {}};
  }
}
}  // namespace detail

/// Σ scale · logit of the label, over the tokens that have one: not a loss, but what attributions explain.
///
/// The `token_batch` has labels and scale, as for `causal_language_model`. Cost: tokens · classes scalars and FLOPs.
struct token_label_logits {
  static constexpr index_type parts = 1;
  static constexpr std::array part_names{"token_label_logits"};
  static constexpr std::array label_kinds{label_kind::of_tokens};
  template <class Result> using checked = checked_tokens<token_label_logits, Result>;

  template <class Walk, class Output> static constexpr auto walk(Walk& c, Output output) {
    const auto r = detail::walk_label_logits<token_labels>(c, detail::tokens_of(output));
    return with_gradient(r, detail::as_tokens(output, r.gradient));
  }
};

/// The same of the labels of sequences.
struct sequence_label_logits {
  static constexpr index_type parts = 1;
  static constexpr std::array part_names{"sequence_label_logits"};
  static constexpr std::array label_kinds{label_kind::of_sequences};
  template <class Result> using checked = checked_sequences<sequence_label_logits, Result>;

  template <class Walk, class Output> static constexpr auto walk(Walk& c, Output output) {
    const auto r = detail::walk_label_logits<sequence_labels>(c, detail::sequences_of(output));
    return with_gradient(r, detail::as_sequences(output, r.gradient));
  }
};

}  // namespace typeformer
