// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/evaluated_first.hpp>
#include <typeformer/simd/detail/gnu_vector.hpp>
#if defined(__SSE__)
#include <immintrin.h>
#endif

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"  // GCC 12's own AVX-512 headers (bug 105593)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

/// Arithmetic for which x86 has one instruction that compilers do not find by themselves.
namespace typeformer::simd::inline TYPEFORMER_ISA::detail {

/// a < b ? a : b, so a NaN in `b` propagates.
template <class Floats> TYPEFORMER_ALWAYS_INLINE Floats lesser(const Floats& a, const Floats& b) {
#if defined(__AVX512F__)
  if constexpr (sizeof(Floats) == 64) return (Floats)_mm512_min_ps((__m512)a, (__m512)b);
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
  if constexpr (sizeof(Floats) == 64) return (Floats)_mm512_max_ps((__m512)a, (__m512)b);
#endif
#if defined(__AVX__)
  if constexpr (sizeof(Floats) == 32) return (Floats)_mm256_max_ps((__m256)a, (__m256)b);
#endif
#if defined(__SSE__)
  if constexpr (sizeof(Floats) == 16) return (Floats)_mm_max_ps((__m128)a, (__m128)b);
#endif
  return a > b ? a : b;
}

/// a 2^n for integer-valued n in [-126, 128]. No factor under- or overflows if the product does not.
template <class Floats> TYPEFORMER_ALWAYS_INLINE Floats times_power_of_two(const Floats& a, const Floats& n) {
#if defined(__AVX512F__)
  if constexpr (sizeof(Floats) == 64) return (Floats)_mm512_scalef_ps((__m512)a, (__m512)n);
#endif
  return typeformer::evaluated_first(Floats(a + a)) * power_of_two(Floats(n - 1.0f));
}

}  // namespace typeformer::simd::inline TYPEFORMER_ISA::detail

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
