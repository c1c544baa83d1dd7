// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <optional>
#include <string>

#include <typeformer/foundation/result.hpp>
#include <typeformer/foundation/setting.hpp>
#include <typeformer/hosted/hyper_parameters.hpp>
#include <typeformer/hosted/training_error.hpp>

namespace typeformer {

/// A setting as a sentence: `beta1: expected a number from 0 to below 1, found nan`.
[[gnu::cold]] inline std::string sentence_of(const setting& wrong) {
  if (wrong.is_whole)
    return std::string(wrong.name) + ": expected a number from " + std::to_string(wrong.range_of_whole.least) + " to " +
           std::to_string(wrong.range_of_whole.most) + ", found " + std::to_string(wrong.whole_value);
  const auto& [least, most, includes_most] = wrong.range;
  return std::string(wrong.name) + ": expected a number from " + exact_text(least) +
         (includes_most ? " to " : " to below ") + exact_text(most) + ", found " + exact_text(wrong.value);
}

/// Error: a setting that is out of its range, as a sentence after `what`.
template <HasSettings T> result<void, training_error> check_settings(const T& value, const std::string& what) {
  if (const std::optional<setting> wrong = wrong_setting(value))
    return failure{training_error{training_error::problem::bad_option, what + ": " + sentence_of(*wrong)}};
  return {};
}

}  // namespace typeformer
