// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <type_traits>

#include <typeformer/kernels/detail/gain_pack.hpp>
#include <typeformer/kernels/detail/row_blocks.hpp>
#include <typeformer/parallel/workers.hpp>
#include <typeformer/reference/layer_norm.hpp>
#include <typeformer/reference/norm_gain.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

namespace detail {

template <norm_gain Gain>
void layer_norm_row(index_type width, const float* x, const float* weight, const float* bias, float epsilon, float* y,
                    float* statistics) {
  using pack = simd::pack<float>;
  const float per_column = 1.0f / static_cast<float>(width);
  const pack first(x[0]);
  const float from_first =
      per_column * sum_over(width, [&](index_type i, auto n) { return evaluated_first(load(x + i, n) - first); });
  const pack middle = evaluated_first(first + pack(from_first));  // the mean, up to rounding
  const auto [rest, squares] = sums_over<2>(width, [&](index_type i, auto n) {
    const pack centered = evaluated_first(load(x + i, n) - middle);
    return std::array{centered, centered * centered};
  });
  const float off = per_column * rest, variance = (std::max)(0.0f, per_column * squares - off * off);
  const float inverse_sigma = 1.0f / __builtin_sqrtf(variance + epsilon);
  const pack scale(inverse_sigma), shift(-off * inverse_sigma);
  for_each_pack(width, [&](index_type i, auto n) {
    const pack normal = fma(evaluated_first(load(x + i, n) - middle), scale, shift);
    store(fma(normal, gain_pack<Gain>(weight, i, n), bias ? load(bias + i, n) : pack(0.0f)), y + i, n);
  });
  if (statistics) {
    statistics[0] = sum(first_lanes(evaluated_first(middle - first), index_type{1}, 0.0f)) + off;
    statistics[1] = inverse_sigma;
  }
}

}  // namespace detail

/// `reference::layer_norm`, same operands and passes over a row.
template <class S, norm_gain Gain = norm_gain::weight, Workers W>
constexpr void layer_norm(index_type rows, index_type width, rows_view<const S> x, const S* weight, const S* bias,
                          S epsilon, rows_view<S> y, S* statistics, const W& workers) {
  if constexpr (std::is_same_v<S, float>)
    if (!std::is_constant_evaluated())
      return detail::for_each_row_block(rows, width, workers, [&](index_type first, index_type count) {
        for (index_type row = first; row < first + count; ++row)
          detail::layer_norm_row<Gain>(width, x[row], weight, bias, epsilon, y[row],
                                       statistics ? statistics + 2 * row : nullptr);
      });
  reference::layer_norm<S, Gain>(rows, width, x, weight, bias, epsilon, y, statistics);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
