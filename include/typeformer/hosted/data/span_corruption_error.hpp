// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <string_view>

namespace typeformer {

/// Why spans of a text cannot be corrupted.
struct span_corruption_error {
  enum class problem : std::uint8_t {
    noise_density_is_outside_of_zero_to_one,
    mean_span_length_is_less_than_one,
    noise_has_another_length_than_the_tokens,
    no_room_for_the_result,
    more_spans_than_sentinels,
  };
  problem what{};

  constexpr span_corruption_error(problem p = {}) : what{p} {}
  friend constexpr bool operator==(const span_corruption_error&, const span_corruption_error&) = default;

  constexpr std::string_view message() const {
    switch (what) {
      case problem::noise_density_is_outside_of_zero_to_one: return "the noise density must lie in [0, 1)";
      case problem::mean_span_length_is_less_than_one:
        return "the mean length of noise spans must be a finite number of at least 1";
      case problem::noise_has_another_length_than_the_tokens: return "there must be as many flags of noise as tokens";
      case problem::no_room_for_the_result: return "inputs and targets need room for as many tokens as came in";
      case problem::more_spans_than_sentinels: return "there are more spans than sentinels to stand for them";
    }
    return "unknown span corruption error";
  }
};

}  // namespace typeformer
