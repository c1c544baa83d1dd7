// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstdint>
#include <type_traits>

#include <typeformer/execution/objective_operations.hpp>
#include <typeformer/layers/logits.hpp>
#include <typeformer/objectives/objective.hpp>
#include <typeformer/shape/inputs.hpp>

namespace typeformer {

namespace error {
/// An answer has a begin and an end: the model must deliver two numbers for every token.
template <class Objective, class Delivered> struct answer_span_needs_two_logits_a_token : mismatch {};
}  // namespace error

namespace detail {

template <class Objective, class Result> constexpr auto checked_answers() {
  using checked = checked_tokens<Objective, Result>;
  if constexpr (!Shape<checked>) return std::type_identity<checked>{};
  else if constexpr (decltype(tokens_of(Result{}))::width != 2)
    return std::type_identity<error::answer_span_needs_two_logits_a_token<Objective, Result>>{};
  else return std::type_identity<Result>{};
}

/// The walk of an objective of answers.
template <bool CountsPadding, class Walk, class Output> constexpr auto walk_answer_span(Walk& c, Output output) {
  const auto logits = computed_logits(c, tokens_of(output));
  const auto answers = c.template input<answer_spans>();
  const auto scale = c.template input<loss_scale_of<answer_spans>>();
  const auto found = c.template make<objective_findings<Walk>>();
  using findings = std::remove_const_t<decltype(found)>;
  if constexpr (Walk::use::what_for == purpose::train) {
    const auto dlogits = c.template make<typename decltype(logits)::shape>(logits);
    c.run(answer_span_gradient_operation<CountsPadding>{}, logits, answers, scale, out(found), out(dlogits));
    const auto gradient = as_tokens(output, dlogits);
    return objective_result<findings, std::remove_const_t<decltype(gradient)>>{found, gradient};
  } else {
    c.run(answer_span_operation<CountsPadding>{}, logits, answers, scale, out(found));
    return objective_result<findings, nothing>{found, {}};
  }
}

}  // namespace detail

/// Where the answer to a question begins and ends in its text: the mean over the sequences that have an answer of (−log
/// P_begin(first) − log P_end(last)) / 2, each a softmax over the sequence's tokens (Devlin et al. 2019,
/// arXiv:1810.04805, §4.2).
///
/// The model delivers two logits per token: `answer_span_head`, `classifier<2>`, or hidden states of width 2. The
/// `token_batch` has the first and last tokens (`answer_spans`; a text without the answer may point to its first
/// token). Keys that are not valid have no probability. A sequence is right if both ends are right. Precondition: the
/// ends of an answer are valid tokens of their sequence, or its first is −100.
struct answer_span {
  static constexpr index_type parts = 1;
  static constexpr bool needs_a_head = false;  // hidden states of two columns are accepted, too
  static constexpr std::array part_names{"answer_span"};
  static constexpr std::array label_kinds{label_kind::of_answers};
  template <class Result> using checked = typename decltype(detail::checked_answers<answer_span, Result>())::type;

  template <class Walk, class Output> static constexpr auto walk(Walk& c, Output output) {
    return detail::walk_answer_span<false>(c, output);
  }
};

/// The same, and tokens that are not valid have probabilities, too: the loss of Hugging Face's models, in whose padded
/// batches it depends on the padding.
struct answer_span_with_padding : answer_span {
  template <class Result>
  using checked = typename decltype(detail::checked_answers<answer_span_with_padding, Result>())::type;

  template <class Walk, class Output> static constexpr auto walk(Walk& c, Output output) {
    return detail::walk_answer_span<true>(c, output);
  }
};

}  // namespace typeformer
