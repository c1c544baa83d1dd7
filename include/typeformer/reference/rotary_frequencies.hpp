// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/math.hpp>

namespace typeformer::reference {

/// The frequency theta^(-2i/rotary_width) by which pair i rotates from one position to the next (Su et al. 2021,
/// section 3.2.2).
constexpr double rotary_frequency(index_type pair, index_type rotary_width, double theta) {
  return math::pow(theta, -2.0 * static_cast<double>(pair) / static_cast<double>(rotary_width));
}

/// The numbers of `llama3_frequency`, with their names in Hugging Face's configurations.
struct llama3_scaling {
  double factor, low_freq_factor, high_freq_factor, original_context;
};

/// A frequency of a model of `original_context` tokens, for a longer text: divided by the factor if its wave has fewer
/// than low_freq_factor periods in that context, the same if it has more than high_freq_factor, and between these an
/// average with weights linear in the number of periods (Llama Team 2024, arXiv:2407.21783, section 3.4.2, in its
/// published code).
constexpr double llama3_frequency(double frequency, const llama3_scaling& s) {
  const double periods = s.original_context * frequency / 6.283185307179586477;
  if (periods > s.high_freq_factor) return frequency;
  if (periods < s.low_freq_factor) return frequency / s.factor;
  const double same = (periods - s.low_freq_factor) / (s.high_freq_factor - s.low_freq_factor);
  return (1 - same) * frequency / s.factor + same * frequency;
}

/// The pairs between which YaRN goes over from frequencies that stay to frequencies that are divided.
struct yarn_ramp {
  double first, last;
};

/// The pairs whose waves have `beta_fast` and `beta_slow` periods in the original context (Peng et al. 2023,
/// arXiv:2309.00071, section 3.2), as whole numbers if `truncates`.
///
/// Precondition: theta > 1.
constexpr yarn_ramp yarn_ramp_of(index_type rotary_width, double theta, double original_context, double beta_fast,
                                 double beta_slow, bool truncates) {
  const double width = static_cast<double>(rotary_width);
  const auto pair_with = [&](double periods) {
    return width * math::log(original_context / (periods * 6.283185307179586477)) / (2 * math::log(theta));
  };
  const auto floor_of = [](double x) {
    const double whole = static_cast<double>(static_cast<long long>(x));
    return whole > x ? whole - 1 : whole;
  };
  double first = pair_with(beta_fast), last = pair_with(beta_slow);
  if (truncates) {
    first = floor_of(first);
    last = -floor_of(-last);
  }
  first = first < 0 ? 0 : first;
  last = last > width - 1 ? width - 1 : last;
  return {first, first == last ? last + 0.001 : last};
}

/// The frequency of a pair: the same before the ramp, divided by the factor after it, and on it an average with weights
/// linear in the pair (section 3.2, with dimensions counted as in the published code).
constexpr double yarn_frequency(double frequency, index_type pair, const yarn_ramp& ramp, double factor) {
  const double on_ramp = (static_cast<double>(pair) - ramp.first) / (ramp.last - ramp.first);
  const double divided = on_ramp < 0 ? 0 : on_ramp > 1 ? 1 : on_ramp;
  return frequency / factor * divided + frequency * (1 - divided);
}

/// The factor of cosines and sines that YaRN recommends: its square divides the temperature of the scores (section
/// 3.4).
constexpr double yarn_amplitude(double factor) { return factor > 1 ? 0.1 * math::log(factor) + 1 : 1; }

}  // namespace typeformer::reference
