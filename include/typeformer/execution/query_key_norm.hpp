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

/// The columns that one norm takes together, and the place of its weights.
struct normed_columns {
  index_type first, width, first_weight;
  bool are_keys;
};

/// Calls f(columns, statistics) for every norm of queries, then of keys. The statistics of all rows of a norm are
/// contiguous.
template <class N, class Norm, class Over, class S, class F>
constexpr void for_each_query_key_norm(index_type rows, S* statistics, F&& f) {
  using extents = normed_queries_and_keys<Norm, Over, N>;
  const auto for_each_of = [&](const norm_extents& of, index_type first, bool are_keys) {
    for (index_type i = 0; i < of.count; ++i) {
      f(normed_columns{first + i * of.width, of.width, i * of.step, are_keys}, statistics);
      if (statistics) statistics += head_norm<Norm>::statistics * rows;
    }
  };
  for_each_of(extents::of_queries, 0, false);
  for_each_of(extents::of_keys, N::query_width, true);
}

/// Null if there is no such parameter.
template <class S> constexpr S* vector_from(S* values, index_type first) { return values ? values + first : nullptr; }

template <class S> constexpr rows_view<S> head_columns(rows_view<S> rows, index_type first) {
  return {rows.data + first, rows.stride};
}

template <class N, class S> constexpr void copy_values(block_view<const S> from, block_view<S> to) {
  if (from.data == to.data) return;
  for (index_type r = 0; r < from.rows; ++r)
    for (index_type k = N::row_width - N::key_width; k < N::row_width; ++k) to[r][k] = from[r][k];
}

}  // namespace detail

/// Weights and biases may be null.
template <class N, class Norm, class Over, class W, class S>
constexpr void execute(query_key_norm_operation<N, Norm, Over>, const call<W>& c, block_view<const S> x,
                       const S* query_weight, const S* query_bias, const S* key_weight, const S* key_bias,
                       block_view<S> y, block_view<S> statistics) {
  constexpr S epsilon = S(Norm::epsilon_value);
  detail::for_each_query_key_norm<N, Norm, Over>(x.rows, statistics.data, [&](detail::normed_columns at, S* found) {
    const rows_view<const S> from = detail::head_columns<const S>(x, at.first);
    const rows_view<S> to = detail::head_columns<S>(y, at.first);
    const S* const weight = detail::vector_from(at.are_keys ? key_weight : query_weight, at.first_weight);
    if constexpr (detail::head_norm<Norm>::statistics == 1)
      kernels::rms_norm<S, Norm::gain>(x.rows, at.width, from, weight, epsilon, to, found, c.workers);
    else
      kernels::layer_norm<S, Norm::gain>(x.rows, at.width, from, weight,
                                         detail::vector_from(at.are_keys ? key_bias : query_bias, at.first_weight),
                                         epsilon, to, found, c.workers);
  });
  detail::copy_values<N, S>(x, y);
}

template <class N, class Norm, class Over, class W, class S, class DWeight, class DBias>
constexpr void execute(query_key_norm_back_operation<N, Norm, Over>, const call<W>& c, block_view<const S> x,
                       block_view<const S> statistics, const S* query_weight, const S* key_weight,
                       block_view<const S> dy, block_view<S> dx, DWeight dquery_weight, DBias dquery_bias,
                       DWeight dkey_weight, DBias dkey_bias) {
  const auto gradient = [](auto values, index_type first) {
    return detail::vector_from(detail::gradient_or_null<S>(values), first);
  };
  detail::for_each_query_key_norm<N, Norm, Over>(
      x.rows, statistics.data, [&](detail::normed_columns at, const S* found) {
        const rows_view<const S> from = detail::head_columns<const S>(x, at.first),
                                 dfrom = detail::head_columns<const S>(dy, at.first);
        const rows_view<S> to = detail::head_columns<S>(dx, at.first);
        const S* const weight = detail::vector_from(at.are_keys ? key_weight : query_weight, at.first_weight);
        S* const dweight = gradient(at.are_keys ? dkey_weight : dquery_weight, at.first_weight);
        if constexpr (detail::head_norm<Norm>::statistics == 1)
          kernels::rms_norm_back<S, Norm::gain>(x.rows, at.width, from, found, weight, dfrom, to, dweight, c.workers);
        else
          kernels::layer_norm_back<S, Norm::gain>(x.rows, at.width, from, found, weight, dfrom, to, dweight,
                                                  gradient(at.are_keys ? dkey_bias : dquery_bias, at.first_weight),
                                                  c.workers);
      });
  detail::copy_values<N, S>(dy, dx);
}

}  // namespace typeformer
