// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/kernels/detail/attention_registers.hpp>
#include <typeformer/kernels/detail/online_softmax.hpp>
#include <typeformer/kernels/detail/row_blocks.hpp>
#include <typeformer/reference/attention_call.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA::detail {

/// y[row] = (y[row] * rescale + sum over keys of weights[row][key] v[key]) * normalize, for `Packs` packs of columns of n lanes;
/// y is not read when `fresh`. `Chains` accumulators a sum hide the latency when there are few rows.
template <int Rows, int Packs, int Chains, class N>
TYPEFORMER_ALWAYS_INLINE void sum_values(index_type keys, rows_view<const float> weights, rows_view<const float> v,
                                         rows_view<float> y, const softmax_state* states, bool fresh, N n) {
  using pack = simd::pack<float>;
  pack sums[Chains][Rows][Packs];
  TYPEFORMER_UNROLL
  for (int row = 0; row < Rows; ++row) TYPEFORMER_UNROLL
  for (int p = 0; p < Packs; ++p) {
    sums[0][row][p] = fresh ? pack(0.0f) : load(y[row] + p * pack::lanes, n) * pack(states[row].rescale);
    TYPEFORMER_UNROLL
    for (int chain = 1; chain < Chains; ++chain) sums[chain][row][p] = pack(0.0f);
  }
  const auto add = [&](index_type key, int chain) __attribute__((always_inline)) {
    pack values[Packs];
    TYPEFORMER_UNROLL
    for (int p = 0; p < Packs; ++p) values[p] = load(v[key] + p * pack::lanes, n);
    TYPEFORMER_UNROLL
    for (int row = 0; row < Rows; ++row) {
      const pack weight(weights[row][key]);
      TYPEFORMER_UNROLL
      for (int p = 0; p < Packs; ++p) sums[chain][row][p] = fma(weight, values[p], sums[chain][row][p]);
    }
  };
  index_type key = 0;
  for (; key + Chains <= keys; key += Chains) {
    TYPEFORMER_UNROLL
    for (int chain = 0; chain < Chains; ++chain) add(key + chain, chain);
  }
  for (; key < keys; ++key) add(key, 0);
  TYPEFORMER_UNROLL
  for (int row = 0; row < Rows; ++row) TYPEFORMER_UNROLL
  for (int p = 0; p < Packs; ++p) {
    pack total = sums[0][row][p];
    TYPEFORMER_UNROLL
    for (int chain = 1; chain < Chains; ++chain) total = total + sums[chain][row][p];
    store(total * pack(states[row].normalize), y[row] + p * pack::lanes, n);
  }
}

template <int Rows>
inline void sum_values(index_type width, index_type keys, rows_view<const float> weights, rows_view<const float> v,
                       rows_view<float> y, const softmax_state* states, bool fresh) {
  constexpr index_type lanes = simd::pack<float>::lanes;
  constexpr std::integral_constant<index_type, lanes> all{};
  constexpr int chains = Rows == 1 && has_vectors ? 4 : 1,
                wide_chains = Rows == 1 && has_vectors ? 4 / register_packs : 1;
  index_type column = 0;
  const auto of_head = [&](auto rows) { return decltype(rows){rows.data + column, rows.stride}; };
  for (; column + register_packs * lanes <= width; column += register_packs * lanes)
    sum_values<Rows, register_packs, wide_chains>(keys, weights, of_head(v), of_head(y), states, fresh, all);
  for (; column + lanes <= width; column += lanes)
    sum_values<Rows, 1, chains>(keys, weights, of_head(v), of_head(y), states, fresh, all);
  if (column < width) sum_values<Rows, 1, chains>(keys, weights, of_head(v), of_head(y), states, fresh, width - column);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA::detail
