// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/kernels/detail/column_parts.hpp>
#include <typeformer/kernels/detail/gain_pack.hpp>
#include <typeformer/kernels/detail/row_blocks.hpp>
#include <typeformer/parallel/workers.hpp>
#include <typeformer/reference/norm_gain.hpp>
#include <typeformer/reference/rms_norm.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

namespace detail {

/// dweight += dy n over all rows, four packs of columns at a time.
inline void rms_norm_weight_gradient(index_type rows, index_type width, rows_view<const float> x,
                                     const float* inverse_rms, rows_view<const float> dy, float* dweight) {
  using pack = simd::pack<float>;
  const auto add = [&](index_type column, auto packs, auto n) __attribute__((always_inline)) {
    constexpr index_type count = decltype(packs)::value;
    pack sums[count];
    TYPEFORMER_UNROLL
    for (index_type p = 0; p < count; ++p) sums[p] = load(dweight + column + p * pack::lanes, n);
    for (index_type row = 0; row < rows; ++row) {
      const pack inverse(inverse_rms[row]);
      TYPEFORMER_UNROLL
      for (index_type p = 0; p < count; ++p) {
        const index_type i = column + p * pack::lanes;
        sums[p] = fma(load(dy[row] + i, n), load(x[row] + i, n) * inverse, sums[p]);
      }
    }
    TYPEFORMER_UNROLL
    for (index_type p = 0; p < count; ++p) store(sums[p], dweight + column + p * pack::lanes, n);
  };
  for_each_pack_group(width, add);
}

template <norm_gain Gain>
void rms_norm_back_row(index_type width, const float* x, float inverse_rms, const float* weight, const float* dy,
                       float* dx) {
  using pack = simd::pack<float>;
  const pack inverse(inverse_rms);
  const auto gradient = [&](index_type i, auto n) { return load(dy + i, n) * gain_pack<Gain>(weight, i, n); };
  const auto normal = [&](index_type i, auto n) { return load(x + i, n) * inverse; };
  const float sum = sum_over(width, [&](index_type i, auto n) { return gradient(i, n) * normal(i, n); });
  const pack mean_of_gn(sum / static_cast<float>(width));
  for_each_pack(
      width, [&](index_type i, auto n) { store((gradient(i, n) - normal(i, n) * mean_of_gn) * inverse, dx + i, n); });
}

}  // namespace detail

/// `reference::rms_norm_back`, same operands.
template <class S, norm_gain Gain = norm_gain::weight, Workers W>
constexpr void rms_norm_back(index_type rows, index_type width, rows_view<const S> x, const S* inverse_rms,
                             const S* weight, rows_view<const S> dy, rows_view<S> dx, S* dweight, const W& workers) {
  if constexpr (std::is_same_v<S, float>)
    if (!std::is_constant_evaluated())
      return detail::for_columns_then_rows(
          rows, width, workers,
          [&](index_type row, index_type row_count, index_type column, index_type column_count) {
            if constexpr (Gain != norm_gain::one)
              detail::rms_norm_weight_gradient(row_count, column_count, {x[row] + column, x.stride}, inverse_rms + row,
                                               {dy[row] + column, dy.stride}, dweight + column);
          },
          [&](index_type first, index_type count) {
            for (index_type row = first; row < first + count; ++row)
              detail::rms_norm_back_row<Gain>(width, x[row], inverse_rms[row], weight, dy[row], dx[row]);
          });
  reference::rms_norm_back<S, Gain>(rows, width, x, inverse_rms, weight, dy, dx, dweight);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
