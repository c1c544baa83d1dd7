// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/kernels/detail/row_blocks.hpp>
#include <typeformer/parallel/workers.hpp>
#include <typeformer/reference/layer_norm.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

namespace detail {

inline void layer_norm_row(index width, const float* x, const float* weight, const float* bias, float epsilon, float* y,
                           float* statistics) {
  using pack = simd::pack<float>;
  const float per_column = 1.0f / static_cast<float>(width);
  const pack first(x[0]);
  const auto from_first = [&](index i, auto n) { return evaluated_first(load(x + i, n) - first); };
  float mean = per_column * sum_over(width, from_first);
  mean += per_column * sum_over(width, [&](index i, auto n) { return evaluated_first(from_first(i, n) - pack(mean)); });
  const float variance = per_column * sum_over(width, [&](index i, auto n) {
                           const pack centered = from_first(i, n) - pack(mean);
                           return centered * centered;
                         });
  const float inverse_sigma = 1.0f / __builtin_sqrtf(variance + epsilon);
  for_each_pack(width, [&](index i, auto n) {
    const pack scaled = (from_first(i, n) - pack(mean)) * pack(inverse_sigma);
    store(fma(scaled, load(weight + i, n), bias ? load(bias + i, n) : pack(0.0f)), y + i, n);
  });
  if (statistics) {
    statistics[0] = mean;
    statistics[1] = inverse_sigma;
  }
}

}  // namespace detail

/// `reference::layer_norm`, same operands and passes over a row.
template <class S, Workers W>
constexpr void layer_norm(index rows, index width, rows_view<const S> x, const S* weight, const S* bias, S epsilon,
                          rows_view<S> y, S* statistics, const W& workers) {
  if constexpr (std::is_same_v<S, float>)
    if (!std::is_constant_evaluated())
      return detail::for_each_row_block(rows, width, workers, [&](index first, index count) {
        for (index row = first; row < first + count; ++row)
          detail::layer_norm_row(width, x[row], weight, bias, epsilon, y[row],
                                 statistics ? statistics + 2 * row : nullptr);
      });
  reference::layer_norm<S>(rows, width, x, weight, bias, epsilon, y, statistics);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
