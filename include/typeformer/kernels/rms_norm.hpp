// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/kernels/detail/gain_pack.hpp>
#include <typeformer/kernels/detail/row_blocks.hpp>
#include <typeformer/parallel/workers.hpp>
#include <typeformer/reference/norm_gain.hpp>
#include <typeformer/reference/rms_norm.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

namespace detail {

template <norm_gain Gain>
void rms_norm_row(index_type width, const float* x, const float* weight, float epsilon, float* y, float* inverse_rms) {
  using pack = simd::pack<float>;
  const float square = sum_over(width, [&](index_type i, auto n) {
    const pack value = load(x + i, n);
    return value * value;
  });
  const float inverse = 1.0f / __builtin_sqrtf(square / static_cast<float>(width) + epsilon);
  for_each_pack(width, [&](index_type i, auto n) {
    store(load(x + i, n) * pack(inverse) * gain_pack<Gain>(weight, i, n), y + i, n);
  });
  if (inverse_rms) *inverse_rms = inverse;
}

}  // namespace detail

/// `reference::rms_norm`, same operands.
template <class S, norm_gain Gain = norm_gain::weight, Workers W>
constexpr void rms_norm(index_type rows, index_type width, rows_view<const S> x, const S* weight, S epsilon,
                        rows_view<S> y, S* inverse_rms, const W& workers) {
  if constexpr (std::is_same_v<S, float>)
    if (!std::is_constant_evaluated())
      return detail::for_each_row_block(rows, width, workers, [&](index_type first, index_type count) {
        for (index_type row = first; row < first + count; ++row)
          detail::rms_norm_row<Gain>(width, x[row], weight, epsilon, y[row], inverse_rms ? inverse_rms + row : nullptr);
      });
  reference::rms_norm<S, Gain>(rows, width, x, weight, epsilon, y, inverse_rms);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
