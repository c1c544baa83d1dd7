// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/evaluated_first.hpp>
#include <typeformer/simd/detail/gnu_vector.hpp>
#if defined(__AVX__)
#include <immintrin.h>
#elif defined(__SSE__)
#include <xmmintrin.h>  // <immintrin.h> takes g++ 0.7 s
#endif

/// Arithmetic for which x86 has one instruction that compilers do not find by themselves.
namespace typeformer::simd::inline TYPEFORMER_ISA::detail {

#if defined(__AVX512F__)
// The functions of GCC 12 without a mask start from a register without a value, of which it warns (bug 105593).
inline constexpr __mmask16 all_lanes = 0xffff;
#endif

/// a < b ? a : b, so a NaN in `b` propagates.
template <class Floats> TYPEFORMER_ALWAYS_INLINE Floats lesser(const Floats& a, const Floats& b) {
#if defined(__AVX512F__)
  if constexpr (sizeof(Floats) == 64) return (Floats)_mm512_maskz_min_ps(all_lanes, (__m512)a, (__m512)b);
#endif
#if defined(__AVX__)
  if constexpr (sizeof(Floats) == 32) return (Floats)_mm256_min_ps((__m256)a, (__m256)b);
#endif
#if defined(__SSE__)
  if constexpr (sizeof(Floats) == 16) return (Floats)_mm_min_ps((__m128)a, (__m128)b);
#endif
  return a < b ? a : b;
}

/// a > b ? a : b
template <class Floats> TYPEFORMER_ALWAYS_INLINE Floats greater(const Floats& a, const Floats& b) {
#if defined(__AVX512F__)
  if constexpr (sizeof(Floats) == 64) return (Floats)_mm512_maskz_max_ps(all_lanes, (__m512)a, (__m512)b);
#endif
#if defined(__AVX__)
  if constexpr (sizeof(Floats) == 32) return (Floats)_mm256_max_ps((__m256)a, (__m256)b);
#endif
#if defined(__SSE__)
  if constexpr (sizeof(Floats) == 16) return (Floats)_mm_max_ps((__m128)a, (__m128)b);
#endif
  return a > b ? a : b;
}

/// a 2^n for integer-valued n in [-125, 128]; n = -126 may give 0. No factor under- or overflows if the product does not.
template <class Floats> TYPEFORMER_ALWAYS_INLINE Floats times_power_of_two(const Floats& a, const Floats& n) {
#if defined(__AVX512F__)
  if constexpr (sizeof(Floats) == 64) return (Floats)_mm512_maskz_scalef_ps(all_lanes, (__m512)a, (__m512)n);
#endif
  return typeformer::evaluated_first(Floats(a + a)) * power_of_two(Floats(n - 1.0f));
}

/// 1 / a to 2 units in the last place; 0 for |a| > 2^126. A division of 16 lanes takes as long as 16 multiplications.
template <class Floats> TYPEFORMER_ALWAYS_INLINE Floats reciprocal(const Floats& a) {
#if defined(__AVX512F__)
  if constexpr (sizeof(Floats) == 64) {
    const __m512 x = (__m512)a, one = _mm512_set1_ps(1.0f), about = _mm512_maskz_rcp14_ps(all_lanes, x);
    const __m512 result = _mm512_fmadd_ps(_mm512_fnmadd_ps(x, about, one), about, about);  // one step of Newton
    const __m512 largest = _mm512_set1_ps(0x1p126f);
    const __mmask16 overflows = _mm512_cmp_ps_mask(largest, _mm512_abs_ps(x), _CMP_LT_OQ);
    return (Floats)_mm512_mask_blend_ps(overflows, result, _mm512_setzero_ps());
  }
#endif
  return 1.0f / a;
}

}  // namespace typeformer::simd::inline TYPEFORMER_ISA::detail
