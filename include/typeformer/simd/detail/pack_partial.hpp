// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>
#include <typeformer/simd/isa.hpp>
#if defined(__AVX__)
#include <immintrin.h>
#endif

/// Loads and stores of the first n lanes of a vector, by masked moves where the target has them.
namespace typeformer::simd::inline TYPEFORMER_ISA::detail {

#if defined(__AVX512F__)
TYPEFORMER_ALWAYS_INLINE __mmask16 first_lanes(index_type n) { return static_cast<__mmask16>((1u << n) - 1u); }
template <class Floats> TYPEFORMER_ALWAYS_INLINE Floats load_partial(const float* from, index_type n) {
  return (Floats)_mm512_maskz_loadu_ps(first_lanes(n), from);
}
template <class Floats> TYPEFORMER_ALWAYS_INLINE void store_partial(const Floats& v, float* to, index_type n) {
  _mm512_mask_storeu_ps(to, first_lanes(n), (__m512)v);
}
#elif defined(__AVX__)
TYPEFORMER_ALWAYS_INLINE __m256i first_lanes(index_type n) {
  alignas(32) static constexpr int window[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(window + 8 - n));
}
template <class Floats> TYPEFORMER_ALWAYS_INLINE Floats load_partial(const float* from, index_type n) {
  return (Floats)_mm256_maskload_ps(from, first_lanes(n));
}
template <class Floats> TYPEFORMER_ALWAYS_INLINE void store_partial(const Floats& v, float* to, index_type n) {
  _mm256_maskstore_ps(to, first_lanes(n), (__m256)v);
}
#else
template <class Floats> TYPEFORMER_ALWAYS_INLINE Floats load_partial(const float* from, index_type n) {
  Floats v{};
  for (index_type lane = 0; lane < n; ++lane) v[lane] = from[lane];
  return v;
}
template <class Floats> TYPEFORMER_ALWAYS_INLINE void store_partial(const Floats& v, float* to, index_type n) {
  for (index_type lane = 0; lane < n; ++lane) to[lane] = v[lane];
}
#endif

}  // namespace typeformer::simd::inline TYPEFORMER_ISA::detail
