// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <type_traits>

#include <typeformer/contract/option_checks.hpp>
#include <typeformer/execution/objective_operations.hpp>
#include <typeformer/objectives/objective.hpp>
#include <typeformer/objectives/target_walk.hpp>
#include <typeformer/shape/inputs.hpp>

namespace typeformer {

namespace error {
/// The temperature of a distillation is a positive finite number.
template <class Objective> struct temperature_is_out_of_range : mismatch {};
}  // namespace error

namespace detail {

template <number Temperature> struct distillation_operations {
  template <index_type Outputs> using loss = distillation_operation<Temperature, Outputs>;
  template <index_type Outputs> using gradient = distillation_gradient_operation<Temperature, Outputs>;
};

template <number Temperature, class Objective, class Checked>
using with_checked_temperature = std::conditional_t<(Temperature.value > 0) && (Temperature.value <= largest_number),
                                                    Checked, error::temperature_is_out_of_range<Objective>>;

}  // namespace detail

/// Learning each token's distribution from another model: T² · KL(softmax(t / T) ‖ softmax(y / T)), the mean over the
/// tokens that have targets (Hinton et al. 2015, arXiv:1503.02531, §2). T² keeps the size of the gradient when T changes.
///
/// y, targets t [rows][vocabulary]: the logits of this model and of its teacher. The `token_batch` has the targets; a row
/// whose first target is NaN has none. A row is right if its likeliest class is the teacher's. Together with the labels of
/// the data: `objective_sum<causal_language_model, token_distillation<2.0>>`. Cost: two more rows · vocabulary scalars,
/// 4 exponential functions for each.
///
/// PyTorch: `T**2 * kl_div(log_softmax(y / T), softmax(t / T), reduction="batchmean")`.
template <number Temperature = 1.0> struct token_distillation {
  static constexpr index_type parts = 1;
  static constexpr std::array part_names{"token_distillation"};
  static constexpr std::array label_kinds{label_kind::of_token_targets};
  template <class Result>
  using checked =
      detail::with_checked_temperature<Temperature, token_distillation, checked_tokens<token_distillation, Result>>;

  template <class Walk, class Output> static constexpr auto walk(Walk& c, Output output) {
    const auto r = detail::walk_to_targets<detail::distillation_operations<Temperature>, token_targets>(
        c, detail::tokens_of(output));
    return with_gradient(r, detail::as_tokens(output, r.gradient));
  }
};

/// The same for the classes of whole sequences: y, targets [sequences][classes].
template <number Temperature = 1.0> struct sequence_distillation {
  static constexpr index_type parts = 1;
  static constexpr std::array part_names{"sequence_distillation"};
  static constexpr std::array label_kinds{label_kind::of_sequence_targets};
  template <class Result>
  using checked = detail::with_checked_temperature<Temperature, sequence_distillation,
                                                   checked_sequences<sequence_distillation, Result>>;

  template <class Walk, class Output> static constexpr auto walk(Walk& c, Output output) {
    const auto r = detail::walk_to_targets<detail::distillation_operations<Temperature>, sequence_targets>(
        c, detail::sequences_of(output));
    return with_gradient(r, detail::as_sequences(output, r.gradient));
  }
};

}  // namespace typeformer
