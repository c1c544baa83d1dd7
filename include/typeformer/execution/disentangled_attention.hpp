// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/execution/call.hpp>
#include <typeformer/execution/gradient_or_null.hpp>
#include <typeformer/execution/self_attention.hpp>
#include <typeformer/kernels/disentangled_attention.hpp>
#include <typeformer/kernels/layer_norm.hpp>
#include <typeformer/kernels/layer_norm_back.hpp>
#include <typeformer/kernels/linear.hpp>
#include <typeformer/kernels/linear_gradients.hpp>
#include <typeformer/layers/disentangled_attention.hpp>
#include <typeformer/reference/disentangled_attention.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

/// `gain` and `bias` are null without a norm.
template <index_type Rows, index_type Width, number Epsilon, class W, class S>
constexpr void execute(distance_vectors_operation<Rows, Width, Epsilon>, const call<W>& c,
                       row_major_view<const S> weight, const S* gain, const S* bias, block_view<S> vectors,
                       block_view<S> statistics) {
  if (gain)
    return kernels::layer_norm<S>(Rows, Width, {weight.data, Width}, gain, bias, S(Epsilon.value),
                                  {vectors.data, Width}, statistics.data, c.workers);
  for (index_type i = 0; i < Rows * Width; ++i) vectors.data[i] = weight.data[i];
}
/// The gradient of the vectors becomes that of the table.
template <index_type Rows, index_type Width, number Epsilon, class W, class S, class DGain, class DBias>
constexpr void execute(distance_vectors_back_operation<Rows, Width, Epsilon>, const call<W>& c,
                       row_major_view<const S> weight, block_view<const S> statistics, const S* gain,
                       block_view<S> dvectors, row_major_view<S> dweight, DGain dgain, DBias dbias) {
  if (gain)
    kernels::layer_norm_back<S>(Rows, Width, {weight.data, Width}, statistics.data, gain, {dvectors.data, Width},
                                {dvectors.data, Width}, detail::gradient_or_null<S>(dgain),
                                detail::gradient_or_null<S>(dbias), c.workers);
  for (index_type i = 0; i < Rows * Width; ++i) dweight.data[i] += dvectors.data[i];
}

/// The middle of the numbers belongs to the distance 0.
template <distance_rows Rows, class W>
constexpr void execute(distance_rows_operation<Rows>, const call<W>&, block_view<std::int32_t> row_of) {
  for (index_type i = 0; i < row_of.stride; ++i) *(row_of.data + i) = std::int32_t(Rows.of(i - row_of.stride / 2));
}

template <class N, class W, class S, class Weight>
constexpr void execute(project_vectors_operation<N>, const call<W>& c, block_view<const S> vectors, Weight weight,
                       const S* bias, block_view<S> y) {
  kernels::linear<S>(N::distance_count, {vectors.data, N::width}, weight, bias, {y.data, N::distance_width}, c.workers);
}
template <class N, class W, class S>
constexpr void execute(project_vectors_back_operation<N>, const call<W>& c, block_view<const S> vectors,
                       row_major_view<const S> weight, block_view<const S> dy, block_view<S> dvectors,
                       row_major_view<S> dweight, S* dbias, block_view<S> scratch) {
  const rows_view<const S> dy_rows{dy.data, N::distance_width};
  kernels::linear_weight_gradient<S>(N::distance_count, {vectors.data, N::width}, dy_rows, dweight, dbias, c.workers);
  kernels::linear_input_gradient<S>(N::distance_count, dy_rows, weight, {scratch.data, N::width}, c.workers);
  for (index_type i = 0; i < N::distance_count * N::width; ++i) dvectors.data[i] += scratch.data[i];
}

namespace detail {

template <class N> inline constexpr attention_extents disentangled_extents{N::heads, N::heads, N::head_width, N::scale};

/// The keys or the queries of distances; null data if the attention has none.
template <class N, bool OfKeys, class S> constexpr rows_view<S> distance_part(S* vectors) {
  constexpr bool is_there = OfKeys ? N::has_distance_keys : N::has_distance_queries;
  if (!is_there) return {};
  return {vectors + (OfKeys ? N::first_distance_key : 0), N::distance_width};
}
template <class S> constexpr S* data_of(block_view<S> vectors) { return vectors.data; }
template <class S> constexpr S* data_of(S* none) { return none; }
constexpr const std::int32_t* middle_of(block_view<const std::int32_t> numbers) {
  return numbers.data + numbers.stride / 2;
}
template <class S> constexpr const std::int32_t* middle_of(const S*) { return nullptr; }

template <class N, class S, class Vectors, class Numbers>
constexpr disentangled_attention_call<S> disentangled_sequence(const batch_rows& batch, index_type s,
                                                               block_view<const S> row, Vectors vectors, Numbers row_of,
                                                               rows_view<S> mixed, rows_view<S> log_sum_exp) {
  const index_type first = batch.first_row[s];
  return {batch.rows_of(s),
          middle_of(row_of),
          row.from(first),
          columns_from<const S>(row, N::width).from(first),
          columns_from<const S>(row, 2 * N::width).from(first),
          distance_part<N, true, const S>(data_of(vectors)),
          distance_part<N, false, const S>(data_of(vectors)),
          batch.valid_of(s),
          mixed ? mixed.from(first) : rows_view<S>{},
          log_sum_exp ? log_sum_exp.from(first) : rows_view<S>{}};
}

}  // namespace detail

template <class N, class W, class S, class Vectors, class Numbers>
constexpr void execute(disentangled_attention_operation<N>, const call<W>& c, block_view<const S> row, Vectors vectors,
                       Numbers row_of, block_view<S> mixed, block_view<S> log_sum_exp) {
  const batch_rows& batch = c.batch_of(row.rows_are);
  for (index_type s = 0; s < batch.sequences; ++s)
    kernels::disentangled_attention<S>(
        detail::disentangled_extents<N>,
        detail::disentangled_sequence<N, S>(batch, s, row, vectors, row_of, mixed, log_sum_exp), c.workers);
}

/// probabilities [rows][heads * reserved tokens]
template <class N, class W, class S, class Vectors, class Numbers>
constexpr void execute(disentangled_probabilities_operation<N>, const call<W>& c, block_view<const S> row,
                       Vectors vectors, Numbers row_of, block_view<const S> log_sum_exp, block_view<S> seen) {
  const batch_rows& batch = c.batch_of(row.rows_are);
  for (index_type i = 0; i < seen.rows * seen.stride; ++i) seen.data[i] = S{0};
  for (index_type s = 0; s < batch.sequences; ++s)
    reference::disentangled_attention_probabilities<S>(
        detail::disentangled_extents<N>,
        detail::disentangled_sequence<N, S>(batch, s, row, vectors, row_of, {}, detail::as_input<S>(log_sum_exp)),
        seen.from(batch.first_row[s]));
}

template <class N, class W, class S, class Vectors, class Numbers, class DVectors>
constexpr void execute(disentangled_attention_back_operation<N>, const call<W>& c, block_view<const S> row,
                       Vectors vectors, Numbers row_of, block_view<const S> mixed, block_view<const S> log_sum_exp,
                       block_view<const S> dmixed, block_view<S> drow, [[maybe_unused]] DVectors dvectors) {
  const batch_rows& batch = c.batch_of(row.rows_are);
  S* gradient = nullptr;
  if constexpr (N::has_distances) gradient = dvectors.data;
  for (index_type i = 0; N::has_distances && i < N::distance_count * N::distance_width; ++i) gradient[i] = S{0};
  for (index_type s = 0; s < batch.sequences; ++s) {
    const index_type first = batch.first_row[s];
    reference::disentangled_attention_back<S>(
        detail::disentangled_extents<N>,
        detail::disentangled_sequence<N, S>(batch, s, row, vectors, row_of, detail::as_input<S>(mixed),
                                            detail::as_input<S>(log_sum_exp)),
        dmixed.from(first),
        {drow.from(first), detail::columns_from<S>(drow, N::width).from(first),
         detail::columns_from<S>(drow, 2 * N::width).from(first), detail::distance_part<N, true, S>(gradient),
         detail::distance_part<N, false, S>(gradient)});
  }
}

}  // namespace typeformer
