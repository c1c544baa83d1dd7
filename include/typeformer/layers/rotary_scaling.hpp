// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/options.hpp>
#include <typeformer/reference/rotary_frequencies.hpp>

namespace typeformer {

/// Kind of the options that change the frequencies of rotary positions, so that a longer text fits into the angles that
/// a model was trained with.
///
/// An option has `frequency<Width, Theta>(pair)` and `amplitude`, the factor of cosines and sines.
struct rotary_scaling;

/// Positions are divided by this number before the rotation (Chen et al. 2023, arXiv:2306.15595, §3.2).
template <number D> struct position_divisor {
  using option_kind = rotary_scaling;
  static constexpr double value = D.value, amplitude = 1;
  static constexpr bool in_range = value > 0 && value <= largest_number;

  template <index_type Width, number Theta> static constexpr double frequency(index_type pair) {
    return reference::rotary_frequency(pair, Width, Theta.value) / value;
  }
};

/// Slow rotations are divided by `Factor`, fast ones stay (Llama Team 2024, arXiv:2407.21783, §3.4.2): those with fewer
/// than `LowFrequencyFactor` and with more than `HighFrequencyFactor` periods in `OriginalContext` tokens.
template <number Factor, number LowFrequencyFactor, number HighFrequencyFactor, index_type OriginalContext>
struct llama3_frequencies {
  using option_kind = rotary_scaling;
  static constexpr double amplitude = 1;
  static constexpr bool in_range = Factor.value > 0 && Factor.value <= largest_number&& LowFrequencyFactor.value > 0 &&
                                   HighFrequencyFactor.value > LowFrequencyFactor.value&& HighFrequencyFactor.value <=
                                       largest_number&& OriginalContext > 0;

  template <index_type Width, number Theta> static constexpr double frequency(index_type pair) {
    return reference::llama3_frequency(
        reference::rotary_frequency(pair, Width, Theta.value),
        {Factor.value, LowFrequencyFactor.value, HighFrequencyFactor.value, static_cast<double>(OriginalContext)});
  }
};

/// YaRN (Peng et al. 2023, arXiv:2309.00071, §3.2, §3.4): rotations with fewer than `BetaSlow` periods in
/// `OriginalContext` tokens are divided by `Factor`, those with more than `BetaFast` stay. Cosines and sines are
/// multiplied by `AttentionFactor`, or, if it is 0, by 0.1 · ln(Factor) + 1. The pairs of columns that have these
/// numbers of periods are rounded outwards if `Truncates`, as in the published code.
template <number Factor, index_type OriginalContext, number BetaFast = 32.0, number BetaSlow = 1.0,
          number AttentionFactor = 0.0, bool Truncates = true>
struct yarn_frequencies {
  using option_kind = rotary_scaling;
  static constexpr double amplitude =
      AttentionFactor.value == 0 ? reference::yarn_amplitude(Factor.value) : AttentionFactor.value;
  static constexpr bool in_range =
      Factor.value > 0 && Factor.value <= largest_number&& OriginalContext > 0 && BetaSlow.value > 0 &&
      BetaFast.value >= BetaSlow.value&& BetaFast.value <= largest_number&& amplitude > 0 &&
      amplitude <= largest_number;

  template <index_type Width, number Theta>
  static constexpr reference::yarn_ramp ramp = reference::yarn_ramp_of(
      Width, Theta.value, static_cast<double>(OriginalContext), BetaFast.value, BetaSlow.value, Truncates);

  template <index_type Width, number Theta> static constexpr double frequency(index_type pair) {
    return reference::yarn_frequency(reference::rotary_frequency(pair, Width, Theta.value), pair, ramp<Width, Theta>,
                                     Factor.value);
  }
};

}  // namespace typeformer
