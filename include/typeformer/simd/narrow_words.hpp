// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <bit>
#include <cstdint>

#include <typeformer/foundation/bfloat16.hpp>
#include <typeformer/foundation/number_formats.hpp>
#include <typeformer/simd/detail/pairs_of_bytes.hpp>
#include <typeformer/simd/detail/separate_bytes.hpp>
#include <typeformer/simd/detail/word_vector.hpp>
#include <typeformer/simd/quantize_row.hpp>

/// Products of narrow weights and activations. A register holds a 32-bit word of each of `pack<float>::lanes` outputs.
/// For each format there is:
///
/// - `multiplicand`: the activations of the inputs of one word, as the product reads them; `prepare(x, inputs, scale, to)`
///   makes those of a part of a row, the scale of which is `scale_of(x, inputs)` of the whole row;
/// - `sum`: of the products of each output, which has the bits of a register of words: `multiply_add(words, x, sum)`;
///   `add(a, b)`;
/// - `add_two_dots(count, x, w, v, sums)`: sums[0] += x . w and sums[1] += x . v, for `count` words of two outputs, on
///   targets without vectors;
/// - `result(sum, scale, scales, sums)`: the numbers that are meant, from the scale of the row and those of the outputs.
namespace typeformer::simd::inline TYPEFORMER_ISA {

template <class Format> struct narrow_words;

namespace detail {

template <class Product>
TYPEFORMER_ALWAYS_INLINE void add_two_dots(index_type words, const typename Product::multiplicand* x, const float* w,
                                           const float* v, typename Product::sum (&sums)[2]) {
  for (index_type word = 0; word < words; ++word) {
    sums[0] = Product::multiply_add(load_words(w + word), x[word], sums[0]);
    sums[1] = Product::multiply_add(load_words(v + word), x[word], sums[1]);
  }
}

}  // namespace detail

template <> struct narrow_words<bf16> {
  using sum = pack<float>;

  static TYPEFORMER_ALWAYS_INLINE sum zero() { return sum(0.0f); }
  static TYPEFORMER_ALWAYS_INLINE sum of_bits(pack<float> bits) { return bits; }
  static TYPEFORMER_ALWAYS_INLINE pack<float> bits(sum of) { return of; }
  static TYPEFORMER_ALWAYS_INLINE sum add(sum a, sum b) { return a + b; }
  static TYPEFORMER_ALWAYS_INLINE pack<float> result(sum total, float, pack<float>, detail::word_vector) {
    return total;
  }

  static constexpr float scale_of(const float*, index_type) { return 1; }

#if defined(__AVX512BF16__) && !defined(TYPEFORMER_SIMD_SCALAR)
  using multiplicand = std::uint32_t;
  static void prepare(const float* x, index_type inputs, float, multiplicand* to) {
    index_type i = 0;
    for (; i + 32 <= inputs; i += 32) {
      const __m512bh pairs = _mm512_cvtne2ps_pbh(_mm512_loadu_ps(x + i + 16), _mm512_loadu_ps(x + i));
      __builtin_memcpy(to + i / 2, &pairs, sizeof pairs);
    }
    for (; i < inputs; i += 2)
      to[i / 2] = bfloat16(x[i]).bits | std::uint32_t{i + 1 < inputs ? bfloat16(x[i + 1]).bits : std::uint16_t {
                                          0
                                        }} << 16;
  }
  static TYPEFORMER_ALWAYS_INLINE sum multiply_add(detail::word_vector words, multiplicand x, sum to) {
    const __m512i everywhere = _mm512_set1_epi32(int(x));
#if defined(__clang__) && __clang_major__ < 18
    // As an intrinsic it crashes the compiler when it folds the broadcast.
    __m512 result = (__m512)detail::words_of(to);
    asm("vdpbf16ps %2, %1, %0" : "+v"(result) : "v"((__m512i)words), "v"(everywhere));
    return detail::floats_of(result);
#else
    return detail::floats_of(_mm512_dpbf16_ps((__m512)detail::words_of(to), (__m512bh)everywhere, (__m512bh)words));
#endif
  }
#else
  struct multiplicand {
    float even, odd;
  };
  static void prepare(const float* x, index_type inputs, float, multiplicand* to) {
    for (index_type i = 0; i < inputs; i += 2) to[i / 2] = {x[i], i + 1 < inputs ? x[i + 1] : 0.0f};
  }
  static TYPEFORMER_ALWAYS_INLINE sum multiply_add(detail::word_vector words, multiplicand x, sum to) {
    const pack<float> even = detail::floats_of(words << 16), odd = detail::floats_of(words & 0xffff0000u);
    return fma(pack<float>(x.odd), odd, fma(pack<float>(x.even), even, to));
  }
#endif

  static TYPEFORMER_ALWAYS_INLINE void add_two_dots(index_type words, const multiplicand* x, const float* w,
                                                    const float* v, sum (&sums)[2]) {
    detail::add_two_dots<narrow_words>(words, x, w, v, sums);
  }
};

template <class Scale> struct narrow_words<int8<Scale>> {
  using sum = detail::word_vector;  // int32, modulo 2^32

  static TYPEFORMER_ALWAYS_INLINE sum zero() { return sum{}; }
  static TYPEFORMER_ALWAYS_INLINE sum of_bits(pack<float> bits) { return detail::words_of(bits); }
  static TYPEFORMER_ALWAYS_INLINE pack<float> bits(sum of) { return detail::floats_of(of); }
  static TYPEFORMER_ALWAYS_INLINE sum add(sum a, sum b) { return a + b; }

#if defined(__AVX512VNNI__) && !defined(TYPEFORMER_SIMD_SCALAR)
  /// Bytes plus 128, for the instruction multiplies unsigned by signed ones.
  using multiplicand = std::uint32_t;
  static constexpr std::uint32_t shift = 128;
  static multiplicand word_of(const std::int8_t* q) { return detail::word_of_bytes(q) ^ 0x80808080u; }
  static TYPEFORMER_ALWAYS_INLINE sum multiply_add(sum words, multiplicand x, sum to) {
    return (sum)_mm512_dpbusd_epi32((__m512i)to, _mm512_set1_epi32(int(x)), (__m512i)words);
  }
#elif defined(TYPEFORMER_SEPARATE_BYTES)
  using multiplicand = separate_bytes;
  static constexpr std::uint32_t shift = 0;
  static multiplicand word_of(const std::int8_t* q) { return {q[0], q[1], q[2], q[3]}; }
  static TYPEFORMER_ALWAYS_INLINE sum multiply_add(sum words, const multiplicand& x, sum to) {
    return add_products<true>(words, x, to);
  }
#else
  using multiplicand = pairs_of_bytes;
  static constexpr std::uint32_t shift = 0;
  static multiplicand word_of(const std::int8_t* q) { return pairs_of_bytes::of(q); }
  static TYPEFORMER_ALWAYS_INLINE sum multiply_add(sum words, multiplicand x, sum to) {
    return detail::add_dot_of_pairs(detail::odd_bytes(words), x.odd,
                                    detail::add_dot_of_pairs(detail::even_bytes(words), x.even, to));
  }
#endif

  static float scale_of(const float* x, index_type inputs) { return int8_scale_of(x, inputs); }
  static void prepare(const float* x, index_type inputs, float scale, multiplicand* to) {
    constexpr index_type part = 256;
    for (index_type first = 0; first < inputs; first += part) {
      std::int8_t q[part + 4];
      const index_type count = (std::min)(part, inputs - first);
      quantize_row(x + first, count, scale, q);
      std::fill_n(q + count, 4, std::int8_t{0});
      for (index_type i = 0; i < count; i += 4) to[(first + i) / 4] = word_of(q + i);
    }
  }
  static TYPEFORMER_ALWAYS_INLINE void add_two_dots(index_type words, const multiplicand* x, const float* w,
                                                    const float* v, sum (&sums)[2]) {
    add_dots_of_two_words(words, x, w, v, sums);
    detail::add_two_dots<narrow_words>(words, x, w, v, sums);
  }
  static TYPEFORMER_ALWAYS_INLINE pack<float> result(sum total, float scale, pack<float> scales, sum sums) {
    return detail::to_floats(total - sums * shift) * (scales * pack<float>(scale));
  }
};

/// Weights in groups: unsigned bytes, of which `low` and `high` make those of four bits.
struct unsigned_byte_words {
  using sum = detail::word_vector;

  static TYPEFORMER_ALWAYS_INLINE sum low(sum words) { return words & 0x0f0f0f0fu; }
  static TYPEFORMER_ALWAYS_INLINE sum high(sum words) { return words >> 4 & 0x0f0f0f0fu; }

#if defined(__AVX512VNNI__) && !defined(TYPEFORMER_SIMD_SCALAR)
  using multiplicand = std::uint32_t;
  static multiplicand word_of(const std::int8_t* q) { return detail::word_of_bytes(q); }
  static TYPEFORMER_ALWAYS_INLINE sum multiply_add(sum bytes, multiplicand x, sum to) {
    return (sum)_mm512_dpbusd_epi32((__m512i)to, (__m512i)bytes, _mm512_set1_epi32(int(x)));
  }
#elif defined(TYPEFORMER_SEPARATE_BYTES)
  using multiplicand = separate_bytes;
  static multiplicand word_of(const std::int8_t* q) { return {q[0], q[1], q[2], q[3]}; }
  static TYPEFORMER_ALWAYS_INLINE sum multiply_add(sum bytes, const multiplicand& x, sum to) {
    return add_products<false>(bytes, x, to);
  }
#else
  using multiplicand = pairs_of_bytes;
  static multiplicand word_of(const std::int8_t* q) { return pairs_of_bytes::of(q); }
  static TYPEFORMER_ALWAYS_INLINE sum multiply_add(sum bytes, multiplicand x, sum to) {
    return detail::add_dot_of_pairs(bytes >> 8 & 0x00ff00ffu, x.odd,
                                    detail::add_dot_of_pairs(bytes & 0x00ff00ffu, x.even, to));
  }
#endif
};

}  // namespace typeformer::simd::inline TYPEFORMER_ISA
