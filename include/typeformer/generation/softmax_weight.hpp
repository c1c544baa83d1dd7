// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstdint>

namespace typeformer {

/// The weight of the most probable candidate; all others are below or equal.
inline constexpr std::uint32_t full_softmax_weight = std::uint32_t{1} << 31;

/// exp(-distance) in units of 2^-31, within two units, for the distance of a logit from the greatest one.
///
/// Integer arithmetic: no math library and no contraction of multiply and add can change a bit, and integer weights
/// have exact sums, so a seed draws the same tokens on every machine. Distances beyond 23 (exp(-23) < 2^-33) weigh
/// nothing. Precondition: distance >= 0 and not NaN.
///
/// exp(-d) = 2^-n · exp(-r) with d = n ln 2 + r, and exp(-r) by its series to r^11.
constexpr std::uint32_t softmax_weight(float distance) {
  if (!(distance < 23.0f)) return 0;
  constexpr std::uint64_t one = std::uint64_t{1} << 32, ln_2 = 2'977'044'472;  // both in units of 2^-32
  constexpr auto inverse_factorials = [] {
    std::array<std::uint64_t, 12> terms{one};
    std::uint64_t factorial = 1;
    for (std::uint64_t k = 1; k < terms.size(); ++k) {
      factorial *= k;
      terms[k] = (one + factorial / 2) / factorial;
    }
    return terms;
  }();
  const auto fixed_point = static_cast<std::uint64_t>(distance * 0x1p32f);
  const std::uint64_t halvings = fixed_point / ln_2, remainder = fixed_point % ln_2;
  std::uint64_t series = inverse_factorials[11];
  for (std::uint32_t k = 11; k-- > 0;) series = inverse_factorials[k] - (remainder * series >> 32);
  return static_cast<std::uint32_t>((series + (std::uint64_t{1} << halvings)) >> (halvings + 1));
}

}  // namespace typeformer
