// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstdint>

namespace typeformer {

/// The weight of the most probable candidate; all others are below or equal.
inline constexpr std::uint32_t full_softmax_weight = std::uint32_t{1} << 31;

/// exp(-distance) in units of 2^-31, within two units, for the distance of a logit from the greatest one.
///
/// After one multiplication all is integer arithmetic: no math library and no contraction of multiply and add can
/// change a bit, and integer weights have exact sums, so a seed draws the same tokens on every machine. Distances
/// beyond 23 (exp(-23) < 2^-33) weigh nothing. Precondition: distance >= 0 and not NaN.
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
  constexpr double log2_e = 6196328018.71948;  // 2^32 · log2(e)

  if (!(distance < 23.0f)) return 0;
  const auto halvings = static_cast<std::uint64_t>(static_cast<double>(distance) * log2_e);
  const std::uint64_t whole = halvings >> 32, step = halvings >> 27 & 31u, r = halvings & 0x7FF'FFFFu;
  const std::uint64_t series = one - (r * (c1 - (r * (c2 - (r * (c3 - (r * c4 >> 32)) >> 32)) >> 32)) >> 32);
  const std::uint64_t weight = roots[step] * series >> 32;
  return static_cast<std::uint32_t>((weight + ((std::uint64_t{1} << whole) >> 1)) >> whole);
}

}  // namespace typeformer
