// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/isa.hpp>

namespace typeformer::simd::inline TYPEFORMER_ISA {

/// Four signed bytes as halves: bytes 0 and 2, and 1 and 3.
struct pairs_of_bytes {
  std::uint32_t even, odd;

  static pairs_of_bytes of(const std::int8_t* q) { return {both(q[0], q[2]), both(q[1], q[3])}; }

 private:
  static std::uint32_t both(std::int8_t low, std::int8_t high) {
    return std::uint32_t{static_cast<std::uint16_t>(low)} | std::uint32_t{static_cast<std::uint16_t>(high)} << 16;
  }
};

/// Adds the products of as many whole pairs of words as this target has instructions for, and moves all behind them.
template <class Multiplicand, class Sum>
TYPEFORMER_ALWAYS_INLINE void add_dots_of_two_words(index_type&, const Multiplicand*&, const float*&, const float*&,
                                                    Sum (&)[2]) {}
#if defined(__ARM_FEATURE_SIMD32) && defined(__thumb2__)
template <class Sum>
TYPEFORMER_ALWAYS_INLINE void add_dots_of_two_words(index_type& words, const pairs_of_bytes*& x, const float*& w,
                                                    const float*& v, Sum (&sums)[2]) {
  // Halves that are rotated while they are extended, which compilers do not find.
  if (words >= 2) {
    std::uint32_t even, odd, x_even, x_odd;
    index_type left = words - 2;
    __asm__(
        "1:\n\t"
        ".rept 2\n\t"
        "ldrd %[x_even], %[x_odd], [%[x]], #8\n\t"
        "ldr %[odd], [%[w]], #4\n\t"
        "sxtb16 %[even], %[odd]\n\t"
        "sxtb16 %[odd], %[odd], ror #8\n\t"
        "smlad %[first], %[even], %[x_even], %[first]\n\t"
        "smlad %[first], %[odd], %[x_odd], %[first]\n\t"
        "ldr %[odd], [%[v]], #4\n\t"
        "sxtb16 %[even], %[odd]\n\t"
        "sxtb16 %[odd], %[odd], ror #8\n\t"
        "smlad %[second], %[even], %[x_even], %[second]\n\t"
        "smlad %[second], %[odd], %[x_odd], %[second]\n\t"
        ".endr\n\t"
        "subs %[left], %[left], #2\n\t"
        "bpl 1b"
        : [x] "+r"(x), [w] "+r"(w), [v] "+r"(v), [first] "+r"(sums[0]), [second] "+r"(sums[1]), [left] "+r"(left),
          [even] "=&r"(even), [odd] "=&r"(odd), [x_even] "=&r"(x_even), [x_odd] "=&r"(x_odd)
        :
        : "memory", "cc");
    words = left + 2;
  }
}
#endif

}  // namespace typeformer::simd::inline TYPEFORMER_ISA
