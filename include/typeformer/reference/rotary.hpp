// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/math.hpp>
#include <typeformer/reference/rotary_frequencies.hpp>
#include <typeformer/shape/views.hpp>

namespace typeformer {

/// Which columns of a head are rotated together: (2i, 2i + 1) as in GPT-J, or (i, i + rotary_width/2) as in Llama and
/// GPT-NeoX.
enum class rotary_pairing { adjacent, half_split };

namespace reference {

/// Cosines and sines, times the amplitude, of the rotary angles position * frequency_of(pair).
///
/// positions [rows]; table [rows][rotary_width]: rotary_width/2 cosines, then as many sines, computed in double and
/// then rounded. Precondition: rotary_width is even. Cost: rotary_width/2 frequencies and rows * rotary_width sines.
template <class S, class FrequencyOf>
constexpr void rotary_table(index_type rows, const std::int32_t* positions, index_type rotary_width,
                            FrequencyOf frequency_of, double amplitude, S* table) {
  const index_type pairs = rotary_width / 2;
  for (index_type pair = 0; pair < pairs; ++pair) {
    const double frequency = frequency_of(pair);
    for (index_type row = 0; row < rows; ++row) {
      const double angle = static_cast<double>(positions[row]) * frequency;
      table[row * rotary_width + pair] = static_cast<S>(amplitude * math::cos(angle));
      table[row * rotary_width + pairs + pair] = static_cast<S>(amplitude * math::sin(angle));
    }
  }
}
/// The same for the angles position * theta^(-2i/rotary_width) (Su et al. 2021, section 3.2.2).
template <class S>
constexpr void rotary_table(index_type rows, const std::int32_t* positions, index_type rotary_width, double theta,
                            S* table) {
  rotary_table<S>(
      rows, positions, rotary_width, [&](index_type pair) { return rotary_frequency(pair, rotary_width, theta); }, 1.0,
      table);
}

/// Rotary position embedding: rotates every pair (a, b) of the first `rotary_width` columns of every head by its angle,
/// to (a cos - b sin, a sin + b cos) (Su et al. 2021, equation 34). The other columns are copied.
///
/// x, y [rows][heads * head_width], in place allowed; table as from `rotary_table`. A rotation's transpose is its
/// inverse (up to the amplitude, which both have), so the gradient is `rotate` of dy with `inverse` set.
template <rotary_pairing P, class S>
constexpr void rotate(index_type rows, index_type heads, index_type head_width, index_type rotary_width, const S* table,
                      rows_view<const S> x, rows_view<S> y, bool inverse = false) {
  const index_type pairs = rotary_width / 2;
  const index_type step = P == rotary_pairing::adjacent ? 2 : 1, partner = P == rotary_pairing::adjacent ? 1 : pairs;
  for (index_type row = 0; row < rows; ++row) {
    const S *const cosines = table + row * rotary_width, *const sines = cosines + pairs;
    for (index_type head = 0; head < heads; ++head) {
      const S* const from = x[row] + head * head_width;
      S* const to = y[row] + head * head_width;
      for (index_type pair = 0; pair < pairs; ++pair) {
        const S a = from[step * pair], b = from[step * pair + partner];
        const S cosine = cosines[pair], sine = inverse ? -sines[pair] : sines[pair];
        to[step * pair] = a * cosine - b * sine;
        to[step * pair + partner] = a * sine + b * cosine;
      }
      for (index_type column = rotary_width; column < head_width; ++column) to[column] = from[column];
    }
  }
}

}  // namespace reference
}  // namespace typeformer
