// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/foundation/is_finite.hpp>

namespace typeformer {

/// The scale that maps [-largest_magnitude, largest_magnitude] to the symmetric range -127..127.
constexpr float int8_scale(float largest_magnitude) { return largest_magnitude / 127.0F; }

/// q = round(value / scale), ties to even, saturated to -127..127 so that -q always exists. A NaN or a scale of zero
/// gives 0.
///
/// Precondition: `scale` is not negative.
constexpr std::int8_t quantize_int8(float value, float scale) {
  if (scale == 0.0F) return 0;
  const float scaled = value / scale;
  if (is_nan(scaled)) return 0;
  if (scaled >= 127.0F) return 127;
  if (scaled <= -127.0F) return -127;
  const int truncated = static_cast<int>(scaled);
  const float fraction = scaled - static_cast<float>(truncated);
  const float distance = fraction < 0.0F ? -fraction : fraction;
  const bool away_from_zero = distance > 0.5F || (distance == 0.5F && truncated % 2 != 0);
  return static_cast<std::int8_t>(truncated + (away_from_zero ? (scaled < 0.0F ? -1 : 1) : 0));
}

/// value = q scale.
constexpr float dequantize_int8(std::int8_t quantized, float scale) { return static_cast<float>(quantized) * scale; }

}  // namespace typeformer
