// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <string_view>

namespace typeformer {

/// Why a filter of a sampling chain rejected its parameter.
struct sampling_error {
  enum class problem : std::uint8_t {
    temperature_is_not_a_positive_finite_number,
    top_k_is_less_than_one,
    top_p_is_outside_of_zero_to_one,
    min_p_is_outside_of_zero_to_one,
    typical_mass_is_outside_of_zero_to_one,
    repetition_penalty_is_not_a_positive_finite_number,
    penalty_is_not_a_finite_number,
    green_fraction_is_outside_of_zero_to_one,
    watermark_bias_is_not_a_finite_number,
    guidance_scale_is_not_a_finite_number,
    plausibility_is_outside_of_zero_to_one,
  };
  problem what{};

  constexpr sampling_error(problem p = {}) : what{p} {}
  friend constexpr bool operator==(const sampling_error&, const sampling_error&) = default;

  constexpr std::string_view message() const {
    switch (what) {
      case problem::temperature_is_not_a_positive_finite_number:
        return "temperature must be a positive finite number (for temperature 0 use greedy)";
      case problem::top_k_is_less_than_one: return "top-k must keep at least one candidate";
      case problem::top_p_is_outside_of_zero_to_one: return "top-p must lie in (0, 1]";
      case problem::min_p_is_outside_of_zero_to_one: return "min-p must lie in [0, 1]";
      case problem::typical_mass_is_outside_of_zero_to_one: return "the mass of typical sampling must lie in (0, 1]";
      case problem::repetition_penalty_is_not_a_positive_finite_number:
        return "the repetition penalty must be a positive finite number (1 changes nothing)";
      case problem::penalty_is_not_a_finite_number:
        return "a frequency or presence penalty must be a finite number (0 changes nothing)";
      case problem::green_fraction_is_outside_of_zero_to_one:
        return "the green fraction of a watermark must lie in (0, 1)";
      case problem::watermark_bias_is_not_a_finite_number:
        return "the bias of a watermark must be a finite number (0 changes nothing)";
      case problem::guidance_scale_is_not_a_finite_number:
        return "the scale of guidance must be a finite number (1 changes nothing)";
      case problem::plausibility_is_outside_of_zero_to_one: return "the plausibility must lie in [0, 1]";
    }
    return "unknown sampling error";
  }
};

}  // namespace typeformer
