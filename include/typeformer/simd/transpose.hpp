// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/simd/pack.hpp>

namespace typeformer::simd::inline TYPEFORMER_ISA {

/// Transposes `lanes` packs as a square matrix, by log2(lanes) perfect shuffles of all its rows.
TYPEFORMER_ALWAYS_INLINE void transpose(pack<float> (&rows)[pack<float>::lanes]) {
#if !defined(TYPEFORMER_SIMD_SCALAR)
  constexpr int lanes = pack<float>::lanes;
  pack<float> shuffled[lanes];
  TYPEFORMER_UNROLL
  for (int stage = 1; stage < lanes; stage *= 2) {
    TYPEFORMER_UNROLL
    for (int i = 0; i < lanes / 2; ++i) {
      shuffled[2 * i] = interleave_low(rows[i], rows[i + lanes / 2]);
      shuffled[2 * i + 1] = interleave_high(rows[i], rows[i + lanes / 2]);
    }
    TYPEFORMER_UNROLL
    for (int i = 0; i < lanes; ++i) rows[i] = shuffled[i];
  }
#else
  static_cast<void>(rows);
#endif
}

}  // namespace typeformer::simd::inline TYPEFORMER_ISA
