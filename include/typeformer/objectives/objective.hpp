// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/mismatch.hpp>
#include <typeformer/contract/model.hpp>
#include <typeformer/contract/options.hpp>
#include <typeformer/contract/tokens_and_sequences.hpp>
#include <typeformer/memory/use.hpp>
#include <typeformer/shape/inputs.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

/// Which labels of a `token_batch` a part of an objective reads.
enum class label_kind { of_tokens, of_sequences, of_answers, of_token_targets, of_sequence_targets };

/// The findings of an objective, one number per part: the loss in training; the loss and the number of right
/// predictions in scoring (0 if predictions are numbers).
template <class Walk, index_type Parts = 1>
using objective_findings = rows<axis::once, Parts*(Walk::use::what_for == purpose::train ? 1 : 2)>;

/// The result of an objective's walk: its findings, and the gradient of the model's output, in the same form.
template <class Findings, class Gradient> struct objective_result {
  Findings findings;
  Gradient gradient;
};

template <class Findings, class Old, class Gradient>
constexpr objective_result<Findings, Gradient> with_gradient(objective_result<Findings, Old> result,
                                                             Gradient gradient) {
  return {result.findings, gradient};
}

namespace error {
/// The model has no output for single tokens that this objective could use.
template <class Objective, class Delivered> struct objective_needs_logits_of_tokens : mismatch {};
/// The model has no output for whole sequences that this objective could use.
template <class Objective, class Delivered> struct objective_needs_logits_of_sequences : mismatch {};
/// The labels of this objective are tokens, but the head does not have as many classes as the model has tokens.
template <class Objective, class Classes, class Vocabulary, class Model>
struct objective_needs_logits_of_the_vocabulary : mismatch {};
/// An objective has `parts` and `checked<Result>`, as `causal_language_model` has.
template <class Type> struct type_is_no_objective : mismatch {};
/// The model has no head: it delivers hidden states or embeddings.
template <class Objective, class Model> struct objective_needs_a_head : mismatch {};
}  // namespace error

namespace detail {

template <class Tokens, class Sequences> constexpr Tokens tokens_of(tokens_and_sequences<Tokens, Sequences> x) {
  return x.tokens;
}
template <class Tokens> constexpr Tokens tokens_of(Tokens x) { return x; }
template <class Tokens, class Sequences> constexpr Sequences sequences_of(tokens_and_sequences<Tokens, Sequences> x) {
  return x.sequences;
}
template <class Sequences> constexpr Sequences sequences_of(Sequences x) { return x; }

/// A gradient in the form of the model's output.
template <class T, class S, class D> constexpr auto as_tokens(tokens_and_sequences<T, S>, D gradient) {
  return tokens_and_sequences<D, nothing>{gradient, {}};
}
template <class T, class D> constexpr D as_tokens(T, D gradient) { return gradient; }
template <class T, class S, class D> constexpr auto as_sequences(tokens_and_sequences<T, S>, D gradient) {
  return tokens_and_sequences<nothing, D>{{}, gradient};
}
template <class S, class D> constexpr D as_sequences(S, D gradient) { return gradient; }

template <template <class, class> class Error, axis Needed, class Objective, class Result, class Part>
using checked_part = std::conditional_t<Part::rows_are == Needed, Result, Error<Objective, Result>>;

}  // namespace detail

/// The output of a model, or the mismatch if an objective for tokens, or one for sequences, cannot use it.
template <class Objective, class Result>
using checked_tokens = detail::checked_part<error::objective_needs_logits_of_tokens, axis::token, Objective, Result,
                                            decltype(detail::tokens_of(Result{}))>;
template <class Objective, class Result>
using checked_sequences = detail::checked_part<error::objective_needs_logits_of_sequences, axis::sequence, Objective,
                                               Result, decltype(detail::sequences_of(Result{}))>;

namespace detail {
/// A mismatch names the objective that the user wrote, not the one that it is made of.
template <class Objective, class Checked> struct named_objective {
  using type = Checked;
};
template <class Objective, template <class, class> class Error, class Base, class Delivered>
  requires std::derived_from<Error<Base, Delivered>, mismatch> && std::derived_from<Objective, Base>
struct named_objective<Objective, Error<Base, Delivered>> {
  using type = Error<Objective, Delivered>;
};
}  // namespace detail

/// The output of a model, or the mismatch if `Objective` cannot use it.
template <class Objective, class Result>
using checked_objective =
    typename detail::named_objective<Objective, typename Objective::template checked<Result>>::type;

/// Whether an objective, or one of its parts, works on logits only, not on hidden states.
template <class Objective> inline constexpr bool needs_a_head = !requires { requires !Objective::needs_a_head; };

/// Whether the labels of an objective, or of one of its parts, are tokens.
template <class Objective> inline constexpr bool predicts_tokens = requires { requires Objective::predicts_tokens; };

namespace detail {
template <class Objective, class M, class Checked> constexpr auto checked_classes() {
  if constexpr (Shape<Checked> && predicts_tokens<Objective>) {
    constexpr index_type classes = decltype(tokens_of(typename M::output{}))::width;
    if constexpr (classes != M::vocabulary)
      return error::objective_needs_logits_of_the_vocabulary<Objective, width<classes>, vocabulary<M::vocabulary>, M>{};
    else return Checked{};
  } else {
    return Checked{};
  }
}

template <class Objective, class M> constexpr auto checked_objective_for() {
  if constexpr (!requires {
                  typename Objective::template checked<typename M::output>;
                  index_type(Objective::parts);
                })
    return error::type_is_no_objective<Objective>{};
  else if constexpr (requires { requires !M::has_head; } && needs_a_head<Objective>)
    return error::objective_needs_a_head<Objective, M>{};
  else return checked_classes<Objective, M, checked_objective<Objective, typename M::output>>();
}
}  // namespace detail

/// The output of a model, or the mismatch if an objective cannot use it.
template <class Objective, class M> using objective_for = decltype(detail::checked_objective_for<Objective, M>());

/// An objective that can use the model's output.
template <class Objective, class M>
concept ObjectiveFor = Model<M> && fits_together<objective_for<Objective, M>>;

}  // namespace typeformer
