// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/execution/call.hpp>
#include <typeformer/execution/gradient_or_null.hpp>
#include <typeformer/kernels/layer_norm.hpp>
#include <typeformer/kernels/layer_norm_back.hpp>
#include <typeformer/kernels/rms_norm.hpp>
#include <typeformer/kernels/rms_norm_back.hpp>
#include <typeformer/layers/query_key_norm.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

namespace detail {

/// Calls f(first column, statistics, is a key) for every head of queries, then of keys. The statistics of all rows of a
/// head are contiguous.
template <class N, class Norm, class S, class F>
constexpr void for_each_normed_head(index_type rows, S* statistics, F&& f) {
  for (index_type head = 0; head < N::heads + N::key_value_heads; ++head)
    f(head * N::head_width, statistics ? statistics + head * head_norm<Norm>::statistics * rows : nullptr,
      head >= N::heads);
}

template <class S> constexpr rows_view<S> head_columns(rows_view<S> rows, index_type first) {
  return {rows.data + first, rows.stride};
}

template <class N, class S> constexpr void copy_values(block_view<const S> from, block_view<S> to) {
  if (from.data == to.data) return;
  for (index_type r = 0; r < from.rows; ++r)
    for (index_type k = N::row_width - N::key_width; k < N::row_width; ++k) to[r][k] = from[r][k];
}

}  // namespace detail

/// Biases may be null.
template <class N, class Norm, class W, class S>
constexpr void execute(query_key_norm_operation<N, Norm>, const call<W>& c, block_view<const S> x,
                       const S* query_weight, const S* query_bias, const S* key_weight, const S* key_bias,
                       block_view<S> y, block_view<S> statistics) {
  constexpr S epsilon = S(Norm::epsilon_value);
  detail::for_each_normed_head<N, Norm>(x.rows, statistics.data, [&](index_type first, S* of_head, bool is_key) {
    const rows_view<const S> from = detail::head_columns<const S>(x, first);
    const rows_view<S> to = detail::head_columns<S>(y, first);
    const S* const weight = is_key ? key_weight : query_weight;
    if constexpr (detail::head_norm<Norm>::statistics == 1)
      kernels::rms_norm<S>(x.rows, N::head_width, from, weight, epsilon, to, of_head, c.workers);
    else
      kernels::layer_norm<S>(x.rows, N::head_width, from, weight, is_key ? key_bias : query_bias, epsilon, to, of_head,
                             c.workers);
  });
  detail::copy_values<N, S>(x, y);
}

template <class N, class Norm, class W, class S, class DBias>
constexpr void execute(query_key_norm_back_operation<N, Norm>, const call<W>& c, block_view<const S> x,
                       block_view<const S> statistics, const S* query_weight, const S* key_weight,
                       block_view<const S> dy, block_view<S> dx, S* dquery_weight, DBias dquery_bias, S* dkey_weight,
                       DBias dkey_bias) {
  detail::for_each_normed_head<N, Norm>(x.rows, statistics.data, [&](index_type first, const S* of_head, bool is_key) {
    const rows_view<const S> from = detail::head_columns<const S>(x, first),
                             dfrom = detail::head_columns<const S>(dy, first);
    const rows_view<S> to = detail::head_columns<S>(dx, first);
    const S* const weight = is_key ? key_weight : query_weight;
    S* const dweight = is_key ? dkey_weight : dquery_weight;
    if constexpr (detail::head_norm<Norm>::statistics == 1)
      kernels::rms_norm_back<S>(x.rows, N::head_width, from, of_head, weight, dfrom, to, dweight, c.workers);
    else
      kernels::layer_norm_back<S>(x.rows, N::head_width, from, of_head, weight, dfrom, to, dweight,
                                  detail::gradient_or_null<S>(is_key ? dkey_bias : dquery_bias), c.workers);
  });
  detail::copy_values<N, S>(dy, dx);
}

}  // namespace typeformer
