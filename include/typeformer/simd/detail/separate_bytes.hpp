// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/isa.hpp>
#include <typeformer/simd/pack.hpp>

namespace typeformer::simd::inline TYPEFORMER_ISA {

/// Defined where products of bytes are those of `separate_bytes`.
#if defined(__ARM_FEATURE_MVE) || (defined(TYPEFORMER_SIMD_SCALAR) && !defined(__ARM_FEATURE_SIMD32))
#define TYPEFORMER_SEPARATE_BYTES
#endif

/// Four signed bytes as numbers in registers of their own.
struct separate_bytes {
  std::int32_t first, second, third, fourth;
};

/// Of each word the sum of the products of its bytes and those of x, added to `to`. The bytes are `Signed` or not.
template <bool Signed>
TYPEFORMER_ALWAYS_INLINE std::uint32_t add_products(std::uint32_t word, const separate_bytes& x, std::uint32_t to) {
  const auto product = [word](int place, std::int32_t factor) {
    const std::uint32_t byte =
        Signed ? std::uint32_t(std::int32_t(word << (24 - 8 * place)) >> 24) : word >> (8 * place) & 0xff;
    return byte * std::uint32_t(factor);
  };
  return to + product(0, x.first) + product(1, x.second) + product(2, x.third) + product(3, x.fourth);
}
#if defined(__ARM_FEATURE_MVE)
/// Helium widens the even or the odd numbers of a register, and multiplies by a number in a core register.
template <bool Signed, class Words>
TYPEFORMER_ALWAYS_INLINE Words add_products(const Words& words, const separate_bytes& x, const Words& to) {
  int16x8_t even, odd;
  if constexpr (Signed) {
    even = vmovlbq_s8((int8x16_t)words);
    odd = vmovltq_s8((int8x16_t)words);
  } else {
    even = (int16x8_t)vmovlbq_u8((uint8x16_t)words);
    odd = (int16x8_t)vmovltq_u8((uint8x16_t)words);
  }
  int32x4_t sum = vmlaq_n_s32((int32x4_t)to, vmovlbq_s16(even), x.first);
  sum = vmlaq_n_s32(sum, vmovltq_s16(even), x.third);
  sum = vmlaq_n_s32(sum, vmovlbq_s16(odd), x.second);
  return (Words)vmlaq_n_s32(sum, vmovltq_s16(odd), x.fourth);
}
#endif

}  // namespace typeformer::simd::inline TYPEFORMER_ISA
