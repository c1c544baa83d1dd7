// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <typeformer/simd/detail/gnu_vector.hpp>
#include <typeformer/simd/pack.hpp>
#if defined(__AVX__)
#include <immintrin.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_FEATURE_SIMD32)
#include <arm_acle.h>
#endif

/// Registers of 32-bit words, as many as `pack<float>` has lanes.
namespace typeformer::simd::inline TYPEFORMER_ISA::detail {

struct one_word {
  using bits = std::uint32_t;
  using ints = std::int32_t;
};
using word_types = std::conditional_t<pack<float>::lanes == 1, one_word, gnu_vector<int(sizeof(pack<float>))>>;
using word_vector = word_types::bits;
using signed_word_vector = word_types::ints;

template <int Count> struct gnu_bytes {
  typedef std::int8_t type __attribute__((vector_size(Count)));
};

TYPEFORMER_ALWAYS_INLINE word_vector load_words(const float* from) {
  word_vector words;
  __builtin_memcpy(&words, __builtin_assume_aligned(from, alignof(float)), sizeof words);
  return words;
}
TYPEFORMER_ALWAYS_INLINE std::uint32_t word_of_bytes(const std::int8_t* bytes) {
  std::uint32_t word = 0;
  for (int i = 0; i < 4; ++i) word |= std::uint32_t{static_cast<std::uint8_t>(bytes[i])} << (8 * i);
  return word;
}
/// The same bits.
template <class Words> TYPEFORMER_ALWAYS_INLINE pack<float> floats_of(Words words) {
  static_assert(sizeof(Words) == sizeof(pack<float>));
  pack<float> floats;
  __builtin_memcpy(&floats, &words, sizeof words);
  return floats;
}
TYPEFORMER_ALWAYS_INLINE word_vector words_of(pack<float> floats) {
  word_vector words;
  __builtin_memcpy(&words, &floats, sizeof words);
  return words;
}

/// Signed words as numbers.
template <class Words> TYPEFORMER_ALWAYS_INLINE pack<float> to_floats(Words words) {
  if constexpr (std::is_same_v<Words, std::uint32_t>)
    return pack<float>(static_cast<float>(static_cast<std::int32_t>(words)));
#if defined(__ARM_FEATURE_MVE) && (__ARM_FEATURE_MVE & 2)
  else return floats_of(vcvtq_f32_s32((int32x4_t)words));  // g++ 12 converts number by number
#else
  else
    return floats_of(__builtin_convertvector((typename gnu_vector<int(sizeof words)>::ints)words,
                                             typename gnu_vector<int(sizeof words)>::floats));
#endif
}

/// Of each word the signed bytes 0 and 2 as signed halves, and the bytes 1 and 3.
template <class Words> TYPEFORMER_ALWAYS_INLINE Words even_bytes(Words words) {
#if defined(__ARM_FEATURE_SIMD32)
  if constexpr (sizeof words == 4) return std::bit_cast<std::uint32_t>(__sxtb16(std::bit_cast<int8x4_t>(words)));
#endif
  return ((word_vector)((signed_word_vector)(words << 24) >> 24) & 0xffffu) |
         ((word_vector)((signed_word_vector)(words << 8) >> 8) & 0xffff0000u);
}
template <class Words> TYPEFORMER_ALWAYS_INLINE Words odd_bytes(Words words) {
#if defined(__ARM_FEATURE_SIMD32)
  if constexpr (sizeof words == 4) return even_bytes(words >> 8 | words << 24);
#endif
  return ((word_vector)((signed_word_vector)(words << 16) >> 24) & 0xffffu) |
         ((word_vector)((signed_word_vector)words >> 8) & 0xffff0000u);
}

/// Of each word the sum of the products of its halves and those of `pair`, all signed.
template <class Words> TYPEFORMER_ALWAYS_INLINE Words dot_of_pairs(const Words& words, std::uint32_t pair) {
#if defined(__AVX512BW__)
  if constexpr (sizeof words == 64) return (Words)_mm512_madd_epi16((__m512i)words, _mm512_set1_epi32(int(pair)));
#endif
#if defined(__AVX2__)
  if constexpr (sizeof words == 32) return (Words)_mm256_madd_epi16((__m256i)words, _mm256_set1_epi32(int(pair)));
#endif
#if defined(__SSE2__)
  if constexpr (sizeof words == 16) return (Words)_mm_madd_epi16((__m128i)words, _mm_set1_epi32(int(pair)));
#endif
  const auto low = static_cast<std::int32_t>(pair << 16) >> 16, high = static_cast<std::int32_t>(pair) >> 16;
  return (Words)(((signed_word_vector)(words << 16) >> 16) * low) + (Words)(((signed_word_vector)words >> 16) * high);
}

/// The same, added to `to`, modulo 2^32.
template <class Words>
TYPEFORMER_ALWAYS_INLINE Words add_dot_of_pairs(const Words& words, std::uint32_t pair, const Words& to) {
#if defined(__ARM_FEATURE_SIMD32)
  if constexpr (sizeof words == 4)
    return std::uint32_t(__smlad(std::bit_cast<int16x2_t>(words), std::bit_cast<int16x2_t>(pair), std::int32_t(to)));
#endif
  return to + dot_of_pairs(words, pair);
}

/// The first n of integer-valued numbers in -128..127.
template <class Pack> TYPEFORMER_ALWAYS_INLINE void store_bytes(Pack numbers, std::int8_t* to, index_type n) {
  if constexpr (Pack::lanes == 1) {
    float one;
    numbers.store(&one);
    *to = static_cast<std::int8_t>(one);
  } else {
    using bytes = typename gnu_bytes<int(Pack::lanes)>::type;
    typename gnu_vector<int(sizeof(Pack))>::floats floats;
    __builtin_memcpy(&floats, &numbers, sizeof floats);
    const bytes all =
        __builtin_convertvector(__builtin_convertvector(floats, typename gnu_vector<int(sizeof(Pack))>::ints), bytes);
    if (n == Pack::lanes) __builtin_memcpy(to, &all, sizeof all);
    else __builtin_memcpy(to, &all, std::size_t(n));
  }
}

}  // namespace typeformer::simd::inline TYPEFORMER_ISA::detail
