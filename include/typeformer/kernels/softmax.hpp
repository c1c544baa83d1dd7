// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/kernels/detail/row_blocks.hpp>
#include <typeformer/parallel/workers.hpp>
#include <typeformer/reference/softmax.hpp>
#include <typeformer/simd/math.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

namespace detail {

inline void softmax_row(index_type width, const float* x, float* y) {
  using pack = simd::pack<float>;
  pack largest(x[0]);
  for_each_pack(width, [&](index_type i, auto n) { largest = greater(largest, first_lanes(load(x + i, n), n, x[0])); });
  const pack shift(maximum(largest));
  const float denominator = sum_over(width, [&](index_type i, auto n) {
    const pack weight = exp(load(x + i, n) - shift);
    store(weight, y + i, n);
    return weight;
  });
  const pack factor(1.0f / denominator);
  for_each_pack(width, [&](index_type i, auto n) { store(load(y + i, n) * factor, y + i, n); });
}

}  // namespace detail

/// `reference::softmax`, same operands.
template <class S, Workers W>
constexpr void softmax(index_type rows, index_type width, rows_view<const S> x, rows_view<S> y, const W& workers) {
  if constexpr (std::is_same_v<S, float>)
    if (!std::is_constant_evaluated())
      return detail::for_each_row_block(rows, width, workers, [&](index_type first, index_type count) {
        for (index_type row = first; row < first + count; ++row) detail::softmax_row(width, x[row], y[row]);
      });
  reference::softmax<S>(rows, width, x, y);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
