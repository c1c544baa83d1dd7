// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <string_view>
#include <vector>

#include <typeformer/foundation/config.hpp>
#include <typeformer/reference/rotary_frequencies.hpp>

namespace typeformer {

/// What llama.cpp divides the frequencies of rotary positions by, for the scaling of Llama 3 (`rope_freqs.weight`):
/// [half the width that is rotated].
inline std::vector<float> gguf_rotary_divisors(index_type width, double theta,
                                               const reference::llama3_scaling& scaling) {
  std::vector<float> divisors;
  for (index_type pair = 0; pair < width / 2; ++pair) {
    const double frequency = reference::rotary_frequency(pair, width, theta);
    divisors.push_back(static_cast<float>(frequency / reference::llama3_frequency(frequency, scaling)));
  }
  return divisors;
}

/// The key under which a GGUF file has the numbers of this scaling, beside the table that llama.cpp reads.
inline constexpr std::string_view gguf_llama3_scaling_key = "typeformer.llama3_scaling";

constexpr std::array<float, 4> gguf_llama3_scaling(const reference::llama3_scaling& scaling) {
  return {static_cast<float>(scaling.factor), static_cast<float>(scaling.low_freq_factor),
          static_cast<float>(scaling.high_freq_factor), static_cast<float>(scaling.original_context)};
}

}  // namespace typeformer
