// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#if defined(__ARM_FEATURE_MVE)
#include <arm_mve.h>
#endif

#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/isa.hpp>

namespace typeformer::simd::inline TYPEFORMER_ISA {

/// Four signed bytes as numbers in registers of their own.
struct separate_bytes {
  std::int32_t first, second, third, fourth;
};

#if defined(__ARM_FEATURE_MVE)
/// Of each word the sum of the products of its bytes and those of x, added to `to`. The bytes are `Signed` or not. Helium
/// widens the even or the odd numbers of a register, and multiplies by a number in a core register.
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
