// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

namespace typeformer {

/// Why a filter of a sampling chain refused its parameter.
enum class sampling_error : std::uint8_t {
  temperature_is_not_a_positive_finite_number,
  top_k_is_less_than_one,
  top_p_is_outside_of_zero_to_one,
  min_p_is_outside_of_zero_to_one,
  typical_mass_is_outside_of_zero_to_one,
  repetition_penalty_is_not_a_positive_finite_number,
  penalty_is_not_a_finite_number,
};

constexpr const char* message(sampling_error error) {
  switch (error) {
    case sampling_error::temperature_is_not_a_positive_finite_number:
      return "temperature must be a positive finite number (for temperature 0 use greedy)";
    case sampling_error::top_k_is_less_than_one: return "top-k must keep at least one candidate";
    case sampling_error::top_p_is_outside_of_zero_to_one: return "top-p must lie in (0, 1]";
    case sampling_error::min_p_is_outside_of_zero_to_one: return "min-p must lie in [0, 1]";
    case sampling_error::typical_mass_is_outside_of_zero_to_one:
      return "the mass of typical sampling must lie in (0, 1]";
    case sampling_error::repetition_penalty_is_not_a_positive_finite_number:
      return "the repetition penalty must be a positive finite number (1 changes nothing)";
    case sampling_error::penalty_is_not_a_finite_number:
      return "a frequency or presence penalty must be a finite number (0 changes nothing)";
  }
  return "unknown sampling error";
}

}  // namespace typeformer
