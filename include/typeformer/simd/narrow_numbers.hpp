// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <typeformer/foundation/number_formats.hpp>
#include <typeformer/simd/detail/word_vector.hpp>

namespace typeformer::simd::inline TYPEFORMER_ISA {

namespace detail {

template <class Bits> TYPEFORMER_ALWAYS_INLINE auto load_numbers_of(const std::byte* from) {
  if constexpr (pack<float>::lanes == 1) {
    Bits one;
    __builtin_memcpy(&one, from, sizeof one);
    return one;
  } else {
    typedef Bits numbers __attribute__((vector_size(sizeof(Bits) * pack<float>::lanes)));
    numbers all;
    __builtin_memcpy(&all, from, sizeof all);
    return all;
  }
}

/// T, as a type that depends on a template's argument: compilers look at it only where a branch is taken.
template <class Argument, class T> struct of_template {
  using type = T;
};

/// As integers. GCC 12 would convert most of these vectors number by number.
template <class Bits> TYPEFORMER_ALWAYS_INLINE word_vector widened(const std::byte* from) {
  using words = typename of_template<Bits, word_vector>::type;
  using signed_words = typename of_template<Bits, signed_word_vector>::type;
  const auto numbers = load_numbers_of<Bits>(from);
  if constexpr (pack<float>::lanes == 1) return static_cast<words>(numbers);
#if defined(__AVX512F__)
  else if constexpr (sizeof(numbers) == 32) return (words)_mm512_maskz_cvtepu16_epi32(0xffff, (__m256i)numbers);
  else if constexpr (sizeof(numbers) == 16) return (words)_mm512_maskz_cvtepi8_epi32(0xffff, (__m128i)numbers);
#endif
#if defined(__AVX2__)
  else if constexpr (pack<float>::lanes == 8 && sizeof(numbers) == 16)
    return (words)_mm256_cvtepu16_epi32((__m128i)numbers);
  else if constexpr (pack<float>::lanes == 8) return (words)_mm256_cvtepi8_epi32(_mm_cvtsi64_si128((long long)numbers));
#elif defined(__SSE2__)
  else if constexpr (pack<float>::lanes == 4 && sizeof(numbers) == 8)
    return (words)_mm_unpacklo_epi16(_mm_cvtsi64_si128((long long)numbers), _mm_setzero_si128());
  else if constexpr (pack<float>::lanes == 4) {
    const __m128i bytes = _mm_cvtsi32_si128((int)numbers), pairs = _mm_unpacklo_epi8(bytes, bytes);
    return (words)_mm_srai_epi32(_mm_unpacklo_epi16(pairs, pairs), 24);
  }
#endif
  else return (words) __builtin_convertvector(numbers, signed_words);
}

}  // namespace detail

/// `pack<float>::lanes` numbers of a format that lie side by side, as floats: bfloat16, or 8-bit integers without their
/// scale.
template <class Format> TYPEFORMER_ALWAYS_INLINE pack<float> load_numbers(const std::byte* from) {
  if constexpr (std::is_same_v<Format, bf16>) return detail::floats_of(detail::widened<std::uint16_t>(from) << 16);
  else return detail::to_floats(detail::widened<std::int8_t>(from));
}
/// The first n of them; the other lanes are 0. It reads no memory beyond.
template <class Format> TYPEFORMER_ALWAYS_INLINE pack<float> load_numbers(const std::byte* from, index_type n) {
  constexpr index_type bytes = std::is_same_v<Format, bf16> ? 2 : 1;
  std::byte copy[std::size_t(bytes * pack<float>::lanes)]{};
  for (index_type i = 0; i < n * bytes; ++i) copy[i] = from[i];
  return load_numbers<Format>(copy);
}

}  // namespace typeformer::simd::inline TYPEFORMER_ISA
