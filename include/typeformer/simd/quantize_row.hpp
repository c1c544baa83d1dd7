// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>

#include <typeformer/foundation/int8.hpp>
#include <typeformer/simd/detail/word_vector.hpp>

namespace typeformer::simd::inline TYPEFORMER_ISA {

namespace detail {

#if defined(__ARM_FEATURE_MVE)
inline constexpr bool quantizes_one_by_one = true;  // compilers neither compare nor convert vectors well
#else
inline constexpr bool quantizes_one_by_one = pack<float>::lanes == 1;
#endif

/// One by one: magnitudes are compared as the whole numbers that have their bits, and numbers are rounded by adding
/// 1.5 * 2^23, to whose bits a number in -2^22..2^22 is then added.
inline float int8_scale_of(const float* x, index_type count) {
  std::uint32_t largest = 0;
  for (index_type i = 0; i < count; ++i) largest = (std::max)(largest, std::bit_cast<std::uint32_t>(x[i]) << 1);
  const float magnitude = std::bit_cast<float>(largest >> 1);
  return magnitude <= (std::numeric_limits<float>::max)() ? int8_scale(magnitude)
                                                          : std::numeric_limits<float>::quiet_NaN();
}
inline std::int32_t quantize_row(const float* x, index_type count, float scale, std::int8_t* to) {
  constexpr float rounds = 12582912;
  std::int32_t all = 0;
  for (index_type i = 0; i < count; ++i) {
    const auto bits = std::bit_cast<std::int32_t>(x[i] / scale + rounds);
    const auto q =
        static_cast<std::int8_t>((std::clamp<std::int32_t>)(bits - std::bit_cast<std::int32_t>(rounds), -127, 127));
    to[i] = q;
    all += q;
  }
  return all;
}

}  // namespace detail

/// The scale with which a row of activations is quantized: its largest magnitude / 127. It is no number if one of them is
/// not finite, so that neither is what is computed with it.
inline float int8_scale_of(const float* x, index_type count) {
  using simd = pack<float>;
  if constexpr (detail::quantizes_one_by_one) return detail::int8_scale_of(x, count);
  simd largest(0.0f), not_finite(0.0f);
  for (index_type i = 0; i < count; i += simd::lanes) {
    const simd v = simd::load_partial(x + i, (std::min)(simd::lanes, count - i));
    largest = greater(largest, absolute(v));
    not_finite = fma(v, simd(0.0f), not_finite);
  }
  return int8_scale(maximum(largest)) + sum(not_finite);
}

/// `quantize_int8` of every number of a row with the scale `int8_scale_of` it. Returns their sum, which is exact for up to
/// 2^17 of them.
inline float quantize_row(const float* x, index_type count, float scale, std::int8_t* to) {
  using simd = pack<float>;
  if (scale == 0) return std::fill_n(to, count, std::int8_t{0}), 0.0f;
  if constexpr (detail::quantizes_one_by_one) return static_cast<float>(detail::quantize_row(x, count, scale, to));
  simd all(0.0f);
  for (index_type i = 0; i < count; i += simd::lanes) {
    const index_type n = (std::min)(simd::lanes, count - i);
    const simd q =
        round_to_nearest(lesser(greater(simd::load_partial(x + i, n) / simd(scale), simd(-127.0f)), simd(127.0f)));
    detail::store_bytes(q, to + i, n);
    all = all + q;
  }
  return sum(all);
}

}  // namespace typeformer::simd::inline TYPEFORMER_ISA
