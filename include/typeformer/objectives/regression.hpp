// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <type_traits>

#include <typeformer/contract/option_checks.hpp>
#include <typeformer/execution/objective_operations.hpp>
#include <typeformer/objectives/objective.hpp>
#include <typeformer/objectives/regression_losses.hpp>
#include <typeformer/objectives/target_walk.hpp>
#include <typeformer/shape/inputs.hpp>

namespace typeformer {

namespace error {
/// A loss of one number has `loss(y, t)` and `derivative(y, t)`, as `squared_error` has, and its numbers are in range.
template <class Loss, class Objective> struct type_is_no_regression_loss : mismatch {};
}  // namespace error

namespace detail {

template <class Loss, class Objective> constexpr auto checked_loss() {
  if constexpr (!RegressionLoss<Loss>) return std::type_identity<error::type_is_no_regression_loss<Loss, Objective>>{};
  else if constexpr (!in_range<Loss>()) return std::type_identity<error::option_is_out_of_range<Loss, Objective>>{};
  else return std::type_identity<nothing>{};
}

/// Σ scale · mean of the losses of a row's outputs, over the rows that have targets.
template <class Loss> struct regression_operations {
  template <index_type Outputs> using loss = regression_operation<Loss, Outputs>;
  template <index_type Outputs> using gradient = regression_gradient_operation<Loss, Outputs>;
};

}  // namespace detail

/// Real targets of each token: the mean of `Loss` over the tokens that have targets, and over their outputs.
///
/// y, targets [rows][outputs]: the logits of a head, or the hidden states of a model without a head. The `token_batch`
/// has the targets. A row whose first target is NaN has none. Losses: `squared_error`, `huber<δ>`,
/// `binary_cross_entropy`.
template <class Loss = squared_error> struct token_regression {
  static constexpr index_type parts = 1;
  static constexpr bool needs_a_head = false;
  static constexpr std::array part_names{"token_regression"};
  static constexpr std::array label_kinds{label_kind::of_token_targets};
  template <class Result>
  using checked = both_checks<typename decltype(detail::checked_loss<Loss, token_regression>())::type,
                              checked_tokens<token_regression, Result>>;

  template <class Walk, class Output> static constexpr auto walk(Walk& c, Output output) {
    const auto r =
        detail::walk_to_targets<detail::regression_operations<Loss>, token_targets>(c, detail::tokens_of(output));
    return with_gradient(r, detail::as_tokens(output, r.gradient));
  }
};

/// Real targets of each sequence, as `token_regression`: y, targets [sequences][outputs].
template <class Loss = squared_error> struct sequence_regression {
  static constexpr index_type parts = 1;
  static constexpr bool needs_a_head = false;
  static constexpr std::array part_names{"sequence_regression"};
  static constexpr std::array label_kinds{label_kind::of_sequence_targets};
  template <class Result>
  using checked = both_checks<typename decltype(detail::checked_loss<Loss, sequence_regression>())::type,
                              checked_sequences<sequence_regression, Result>>;

  template <class Walk, class Output> static constexpr auto walk(Walk& c, Output output) {
    const auto r =
        detail::walk_to_targets<detail::regression_operations<Loss>, sequence_targets>(c, detail::sequences_of(output));
    return with_gradient(r, detail::as_sequences(output, r.gradient));
  }
};

}  // namespace typeformer
