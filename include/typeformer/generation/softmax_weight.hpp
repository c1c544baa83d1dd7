// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace typeformer {

/// The weight of the most probable candidate, which is the greatest weight.
inline constexpr std::uint32_t full_softmax_weight = std::uint32_t{1} << 31;

/// exp(-distance) in units of 2^-31, within two units, for the distance of a logit from the greatest one.
///
/// It is computed by integer arithmetic on the bits of the distance. No math library, register width or compiler flag
/// changes a bit, and sums of integer weights are exact. A seed therefore draws the same tokens on every machine.
/// Distances beyond 23 (exp(-23) < 2^-33) have weight 0. Precondition: distance >= 0 and not NaN.
///
/// exp(-d) = 2^-(n + i/32 + r) with d log2(e) = n + i/32 + r and r < 1/32: a shift, a table, and the series of 2^-r.
constexpr std::uint32_t softmax_weight(float distance) {
  // round(2^31 · 2^-(i/32))
  constexpr std::array<std::uint32_t, 32> roots{
      2147483648, 2101467502, 2056437387, 2012372174, 1969251188, 1927054196, 1885761398, 1845353420,
      1805811301, 1767116489, 1729250827, 1692196547, 1655936265, 1620452965, 1585730000, 1551751076,
      1518500250, 1485961921, 1454120821, 1422962010, 1392470869, 1362633090, 1333434672, 1304861917,
      1276901417, 1249540052, 1222764986, 1196563654, 1170923762, 1145833280, 1121280436, 1097253708};
  // round(2^32 · ln(2)^k / k!)
  constexpr std::uint64_t one = std::uint64_t{1} << 32, c1 = 2977044472, c2 = 1031764991, c3 = 238388332, c4 = 41309550;
  constexpr std::uint64_t log2_e = 0xB8AA'3B29, log2_e_rest = 0x5C17'F0BC;  // in units of 2^-31, and of 2^-63

  if (!(distance < 23.0f)) return 0;
  const auto bits = std::bit_cast<std::uint32_t>(distance);
  const std::uint32_t exponent = bits >> 23 & 0xFFu;  // distance = significand · 2^(exponent - 150)
  if (exponent < 127 - 33) return full_softmax_weight;
  const std::uint64_t significand = (bits & 0x7F'FFFFu) | 0x80'0000u;
  const std::uint64_t halvings =  // in units of 2^-32
      (significand * log2_e + (significand * log2_e_rest >> 32)) >> (149 - exponent);
  const std::uint64_t whole = halvings >> 32, r = halvings & 0x7FF'FFFFu;
  const auto step = static_cast<std::size_t>(halvings >> 27 & 31u);
  const std::uint64_t series = one - (r * (c1 - (r * (c2 - (r * (c3 - (r * c4 >> 32)) >> 32)) >> 32)) >> 32);
  const std::uint64_t weight = roots[step] * series >> 32;
  return static_cast<std::uint32_t>((weight + ((std::uint64_t{1} << whole) >> 1)) >> whole);
}

}  // namespace typeformer
