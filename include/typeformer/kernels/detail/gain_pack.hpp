// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/kernels/detail/row_blocks.hpp>
#include <typeformer/reference/norm_gain.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA::detail {

/// The gains of the columns from `i` on; see `reference::gain_of`.
template <norm_gain Gain, class N>
TYPEFORMER_ALWAYS_INLINE simd::pack<float> gain_pack(const float* weight, index_type i, N n) {
  using pack = simd::pack<float>;
  if constexpr (Gain == norm_gain::weight) return load(weight + i, n);
  else if constexpr (Gain == norm_gain::one_plus_weight) return load(weight + i, n) + pack(1.0f);
  else return pack(1.0f);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA::detail
