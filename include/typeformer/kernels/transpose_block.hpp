// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/simd/transpose.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA::detail {

/// Writes a matrix [outputs][inputs] transposed, [inputs][outputs], for outputs <= lanes, in registers.
///
/// `whole` vectors may be written; lanes beyond `outputs` then repeat the last one.
TYPEFORMER_NOINLINE inline void transpose_block(index_type outputs, index_type inputs, const float* from,
                                                index_type from_stride, float* to, index_type to_stride, bool whole) {
  using pack = simd::pack<float>;
  for (index_type first = 0; first < inputs; first += pack::lanes) {
    const index_type n = inputs - first < pack::lanes ? inputs - first : pack::lanes;
    pack square[pack::lanes];
    if (n == pack::lanes) {
      TYPEFORMER_UNROLL
      for (index_type i = 0; i < pack::lanes; ++i)
        square[i] = pack::load(from + (i < outputs ? i : outputs - 1) * from_stride + first);
    } else {
      TYPEFORMER_UNROLL
      for (index_type i = 0; i < pack::lanes; ++i)
        square[i] = pack::load_partial(from + (i < outputs ? i : outputs - 1) * from_stride + first, n);
    }
    transpose(square);
    TYPEFORMER_UNROLL
    for (index_type i = 0; i < pack::lanes; ++i)
      if (i < n) {
        if (whole || outputs == pack::lanes) square[i].store(to + (first + i) * to_stride);
        else square[i].store_partial(to + (first + i) * to_stride, outputs);
      }
  }
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA::detail
