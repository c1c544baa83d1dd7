// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/foundation/is_finite.hpp>

namespace typeformer {

/// The range of integers of a quantized element.
struct integer_range {
  std::int32_t lowest, highest;

  constexpr std::int32_t nearest(std::int32_t value) const {
    return value < lowest ? lowest : value > highest ? highest : value;
  }
};

inline constexpr integer_range range_of_int2{-2, 1}, range_of_uint2{0, 3}, range_of_int4{-8, 7}, range_of_uint4{0, 15},
    range_of_int8{-128, 127}, range_of_uint8{0, 255}, range_of_int16{-32'768, 32'767}, range_of_uint16{0, 65'535};

/// The meaning of a quantized element q: (q - zero_point) scale (Jacob et al. 2018, arXiv:1712.05877, equation 1).
struct affine_quantization {
  float scale;
  std::int32_t zero_point = 0;
};

namespace reference {

namespace detail {

/// Rounds half to even. Numbers beyond 2^22, which no range contains, become 2^22.
constexpr std::int32_t bounded_nearest_integer(float x) {
  constexpr float bound = 0x1p22F;
  if (is_nan(x)) return 0;
  if (x > bound) x = bound;
  if (x < -bound) x = -bound;
  const auto truncated = static_cast<std::int32_t>(x);
  const float fraction = x - static_cast<float>(truncated), distance = fraction < 0 ? -fraction : fraction;
  const bool away_from_zero = distance > 0.5F || (distance == 0.5F && truncated % 2 != 0);
  return truncated + (away_from_zero ? (x < 0 ? -1 : 1) : 0);
}

}  // namespace detail

/// q = round(x / scale) + zero_point, half to even, saturated to the range. A NaN or a scale of 0 gives the zero point.
constexpr std::int32_t quantize(float x, affine_quantization of, integer_range range) {
  if (of.scale == 0) return range.nearest(of.zero_point);
  return range.nearest(detail::bounded_nearest_integer(x / of.scale) + of.zero_point);
}

/// x = (q - zero_point) scale.
constexpr float dequantize(std::int32_t q, affine_quantization of) {
  return static_cast<float>(q - of.zero_point) * of.scale;
}

/// The quantization that maps the numbers from `lowest` to `highest` to a range and represents 0 exactly.
///
/// scale = (max(highest, 0) - min(lowest, 0)) / (range), zero_point = round(range.lowest - min(lowest, 0) / scale). If
/// all numbers are 0, the scale is that of an interval of length 1.
constexpr affine_quantization spread_quantization(float lowest, float highest, integer_range range) {
  const float low = lowest < 0 ? lowest : 0, high = highest > 0 ? highest : 0, spread = high == low ? 1 : high - low;
  const float scale = spread / static_cast<float>(range.highest - range.lowest);
  const float zero_point = static_cast<float>(range.lowest) - low / scale;
  return {scale, range.nearest(detail::bounded_nearest_integer(zero_point))};
}

}  // namespace reference
}  // namespace typeformer
