// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <type_traits>

#include <typeformer/kernels/detail/column_parts.hpp>
#include <typeformer/kernels/detail/gain_pack.hpp>
#include <typeformer/kernels/detail/row_blocks.hpp>
#include <typeformer/parallel/workers.hpp>
#include <typeformer/reference/layer_norm.hpp>
#include <typeformer/reference/norm_gain.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

namespace detail {

/// dweight += dy n and dbias += dy over all rows, for columns [begin, begin + count), four packs of them at a time.
template <norm_gain Gain>
void layer_norm_parameter_gradients(index_type rows, index_type begin, index_type count, rows_view<const float> x,
                                    const float* statistics, rows_view<const float> dy, float* dweight, float* dbias) {
  constexpr bool has_weight = Gain != norm_gain::one;
  using pack = simd::pack<float>;
  const auto add = [&](index_type place, auto packs, auto n) __attribute__((always_inline)) {
    constexpr index_type at_once = decltype(packs)::value;
    const index_type column = begin + place;
    pack weight_sums[at_once], bias_sums[at_once];
    TYPEFORMER_UNROLL
    for (index_type p = 0; p < at_once; ++p) {
      weight_sums[p] = has_weight ? load(dweight + column + p * pack::lanes, n) : pack(0.0f);
      bias_sums[p] = dbias ? load(dbias + column + p * pack::lanes, n) : pack(0.0f);
    }
    for (index_type row = 0; row < rows; ++row) {
      const pack first(x[row][0]), mean(statistics[2 * row]), inverse_sigma(statistics[2 * row + 1]);
      TYPEFORMER_UNROLL
      for (index_type p = 0; p < at_once; ++p) {
        const pack gradient = load(dy[row] + column + p * pack::lanes, n);
        const pack from_first = evaluated_first(load(x[row] + column + p * pack::lanes, n) - first);
        const pack normal = (from_first - mean) * inverse_sigma;
        weight_sums[p] = fma(gradient, normal, weight_sums[p]);
        bias_sums[p] = bias_sums[p] + gradient;
      }
    }
    TYPEFORMER_UNROLL
    for (index_type p = 0; p < at_once; ++p) {
      if constexpr (has_weight) store(weight_sums[p], dweight + column + p * pack::lanes, n);
      if (dbias) store(bias_sums[p], dbias + column + p * pack::lanes, n);
    }
  };
  for_each_pack_group(count, add);
}

template <norm_gain Gain>
void layer_norm_back_row(index_type width, const float* x, const float* statistics, const float* weight,
                         const float* dy, float* dx) {
  using pack = simd::pack<float>;
  const pack first(x[0]), mean(statistics[0]), inverse_sigma(statistics[1]);
  const float per_column = 1.0f / static_cast<float>(width);
  const auto gradient = [&](index_type i, auto n) { return load(dy + i, n) * gain_pack<Gain>(weight, i, n); };
  const auto normal = [&](index_type i, auto n) {
    return (evaluated_first(load(x + i, n) - first) - mean) * inverse_sigma;
  };
  const auto [g, gn] = sums_over<2>(width, [&](index_type i, auto n) {
    const pack gradient_here = gradient(i, n);
    return std::array{gradient_here, gradient_here * normal(i, n)};
  });
  const pack mean_of_g(per_column * g), mean_of_gn(per_column * gn);
  for_each_pack(width, [&](index_type i, auto n) {
    store((gradient(i, n) - mean_of_g - normal(i, n) * mean_of_gn) * inverse_sigma, dx + i, n);
  });
}

}  // namespace detail

/// `reference::layer_norm_back`, same operands.
template <class S, norm_gain Gain = norm_gain::weight, Workers W>
constexpr void layer_norm_back(index_type rows, index_type width, rows_view<const S> x, const S* statistics,
                               const S* weight, rows_view<const S> dy, rows_view<S> dx, S* dweight, S* dbias,
                               const W& workers) {
  if constexpr (std::is_same_v<S, float>)
    if (!std::is_constant_evaluated())
      return detail::for_columns_then_rows(
          rows, width, workers,
          [&](index_type row, index_type row_count, index_type column, index_type column_count) {
            if (Gain != norm_gain::one || dbias)
              detail::layer_norm_parameter_gradients<Gain>(row_count, column, column_count, x.from(row),
                                                           statistics + 2 * row, dy.from(row), dweight, dbias);
          },
          [&](index_type first, index_type count) {
            for (index_type row = first; row < first + count; ++row)
              detail::layer_norm_back_row<Gain>(width, x[row], statistics + 2 * row, weight, dy[row], dx[row]);
          });
  reference::layer_norm_back<S, Gain>(rows, width, x, statistics, weight, dy, dx, dweight, dbias);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
