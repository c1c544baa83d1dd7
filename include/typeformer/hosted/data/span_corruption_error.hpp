// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

namespace typeformer {

/// Why spans of a text cannot be corrupted.
enum class span_corruption_error : std::uint8_t {
  noise_density_is_outside_of_zero_to_one,
  mean_span_length_is_less_than_one,
  noise_has_another_length_than_the_tokens,
  no_room_for_the_result,
  more_spans_than_sentinels,
};

constexpr const char* message(span_corruption_error error) {
  switch (error) {
    case span_corruption_error::noise_density_is_outside_of_zero_to_one: return "the noise density must lie in [0, 1)";
    case span_corruption_error::mean_span_length_is_less_than_one:
      return "the mean length of noise spans must be a finite number of at least 1";
    case span_corruption_error::noise_has_another_length_than_the_tokens:
      return "there must be as many flags of noise as tokens";
    case span_corruption_error::no_room_for_the_result:
      return "inputs and targets need room for as many tokens as came in";
    case span_corruption_error::more_spans_than_sentinels:
      return "there are more spans than sentinels to stand for them";
  }
  return "unknown span corruption error";
}

}  // namespace typeformer
