// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <limits>
#include <optional>
#include <string>
#include <type_traits>

#include <typeformer/foundation/result.hpp>
#include <typeformer/foundation/setting.hpp>
#include <typeformer/hosted/hyper_parameters.hpp>
#include <typeformer/hosted/setting_message.hpp>
#include <typeformer/hosted/training/training_recipe.hpp>
#include <typeformer/hosted/training/training_state.hpp>
#include <typeformer/hosted/training_error.hpp>

namespace typeformer {

namespace detail {

/// For an optimizer that does not give the ranges of its settings: the first number that is not finite.
template <class T> std::optional<setting> not_finite_member(const T& value) {
  constexpr setting_range any{-std::numeric_limits<double>::max(), std::numeric_limits<double>::max()};
  std::optional<setting> wrong;
  if constexpr (std::is_floating_point_v<T>) {
    if (!is_finite(double(value))) wrong = setting{"a hyper-parameter", double(value), any};
  } else if constexpr (is_plain_struct<T>) {
    if constexpr (member_count<T>() <= 8)
      visit_members(value, [&](const auto& member) {
        if (!wrong) wrong = not_finite_member(member);
      });
  }
  return wrong;
}

template <Optimizer O> std::optional<setting> wrong_hyper_parameter(const O& optimizer) {
  if constexpr (HasSettings<O>) return wrong_setting(optimizer);
  else return not_finite_member(optimizer);
}

}  // namespace detail

/// Whether training can begin with a recipe. `settings_of_step` checks what depends on the step.
///
/// Errors: a missing function; the first setting that is out of its range, with its name, value and range.
template <Optimizer O> result<void, training_error> check_recipe(const training_recipe<O>& recipe) {
  const auto rejected = [](const std::string& why) {
    return failure{training_error{training_error::problem::bad_option, "training recipe: " + why}};
  };
  if (!recipe.learning_rate || !recipe.decays || !recipe.trains)
    return rejected("learning_rate, decays and trains must not be empty");
  constexpr setting_range number{0, std::numeric_limits<double>::max()};
  const setting settings[] = {{"steps", recipe.steps, whole_range{0, most_steps_taken}},
                              {"accumulated_batches", recipe.accumulated_batches, whole_range{1, index_type{1} << 20}},
                              {"evaluation_interval", recipe.evaluation_interval, whole_range{1, most_steps_taken}},
                              {"maximum_gradient_norm", recipe.maximum_gradient_norm, not_negative},
                              {"guard.window", recipe.guard.window, whole_range{0, index_type{1} << 20}},
                              {"guard.deviations", recipe.guard.deviations, number},
                              {"guard.ratio", recipe.guard.ratio, number},
                              {"peak_flops_per_second", recipe.peak_flops_per_second, number}};
  for (const setting& one : settings)
    if (!one.in_range()) return rejected(sentence_of(one));
  if (const auto wrong = detail::wrong_hyper_parameter(recipe.optimizer))
    return rejected("optimizer, " + sentence_of(*wrong));
  if (const auto& wrong = recipe.learning_rate.wrong_setting()) return rejected("schedule, " + sentence_of(*wrong));
  if (const auto& wrong = recipe.average.wrong_setting()) return rejected("average, " + sentence_of(*wrong));
  return {};
}

/// The settings of a recipe for one step.
struct step_settings {
  double learning_rate = 0;
  double average_fraction = 0;  ///< 0 without an average
};

/// The learning rate of the step after `taken` others, and the fraction of its weights in the average.
///
/// Error: one that is out of its range, with the step.
template <Optimizer O>
result<step_settings, training_error> settings_of_step(const training_recipe<O>& recipe, index_type taken) {
  const step_settings found{recipe.learning_rate(taken),
                            recipe.average ? recipe.average.fraction_of_new(taken + 1) : 0};
  for (const setting& one : {setting{"learning_rate", found.learning_rate, not_negative},
                             setting{"average, share of the new weights", found.average_fraction, from_zero_to_one}})
    if (!one.in_range())
      return failure{training_error{training_error::problem::bad_option,
                                    "step " + std::to_string(taken + 1) + ": training recipe: " + sentence_of(one)}};
  return found;
}

}  // namespace typeformer
