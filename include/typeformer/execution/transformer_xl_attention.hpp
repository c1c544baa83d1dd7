// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>

#include <typeformer/execution/call.hpp>
#include <typeformer/execution/relative_sequence.hpp>
#include <typeformer/execution/segment_memory.hpp>
#include <typeformer/execution/self_attention.hpp>
#include <typeformer/kernels/distance_sinusoids.hpp>
#include <typeformer/kernels/linear.hpp>
#include <typeformer/kernels/linear_gradients.hpp>
#include <typeformer/kernels/relative_attention.hpp>
#include <typeformer/kernels/relative_attention_back.hpp>
#include <typeformer/layers/transformer_xl_attention.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

template <class N, index_type Width, axis RowsAre, class W, class S>
constexpr void execute(distance_sinusoids_operation<N, Width, RowsAre>, const call<W>& c, block_view<S> table) {
  const auto distances = detail::distances_in<N>(c, RowsAre);
  kernels::distance_sinusoids<S>(distances.count(), Width, -distances.ahead, N::theta, {table.data, Width});
}
template <class N, index_type Width, class W, class S>
constexpr void execute(token_sinusoids_operation<N, Width>, const call<W>& c, block_view<S> table) {
  for (index_type s = 0; s < c.batch.sequences; ++s)
    kernels::distance_sinusoids<S>(c.batch.rows_of(s), Width, c.batch.past_of(s), N::theta,
                                   table.from(c.batch.first_row[s]));
}

template <class N, index_type Width, axis RowsAre, class W, class S, class Weight>
constexpr void execute(project_distances_operation<N, Width, RowsAre>, const call<W>& c, block_view<const S> table,
                       Weight weight, block_view<S> distances) {
  kernels::linear<S>(detail::distances_in<N>(c, RowsAre).count(), {table.data, Width}, weight, nullptr,
                     {distances.data, N::width}, c.workers);
}
template <class N, index_type Width, axis RowsAre, class W, class S>
constexpr void execute(project_distances_back_operation<N, Width, RowsAre>, const call<W>& c, block_view<const S> table,
                       block_view<const S> ddistances, row_major_view<S> dweight) {
  kernels::linear_weight_gradient<S>(detail::distances_in<N>(c, RowsAre).count(), {table.data, Width},
                                     {ddistances.data, N::width}, dweight, nullptr, c.workers);
}

template <class N, class W, class S>
constexpr void execute(relative_attention_operation<N>, const call<W>& c, block_view<const S> row,
                       block_view<const S> distances, row_major_view<const S> content, row_major_view<const S> position,
                       block_view<S> mixed, block_view<S> log_sum_exp, block_view<S> scratch) {
  const batch_rows& batch = c.batch_of(row.rows_are);
  for (index_type s = 0; s < batch.sequences; ++s)
    kernels::relative_attention<S>(
        detail::relative_extents<N>,
        detail::relative_sequence<N, W, S>(c, s, row, distances.data, content.data, position.data, mixed, log_sum_exp),
        scratch.data, c.workers);
}

/// The distances are rows and a state, or `nothing`.
template <class N, class W, class S, class Distances, class AllDistances>
constexpr void execute(cache_relative_operation<N>, const call<W>& c, block_view<const S> row, Distances distances,
                       S* keys, S* values, AllDistances all_distances) {
  for (index_type s = 0; s < c.batch.sequences; ++s) {
    const index_type place = s * c.reserved.context, past = c.batch.past_of(s),
                     from = (place + c.batch.kept_from_of(s)) * N::width,
                     at = (place + c.batch.kept_at_of(s)) * N::width;
    if (from != at)  // always forwards
      for (S* const kept : {keys, values}) std::copy_n(kept + from, past * N::width, kept + at);
    for (index_type i = 0; i < c.batch.rows_of(s); ++i) {
      const index_type r = c.batch.first_row[s] + i, to = at + (past + i) * N::width;
      std::copy_n(row[r] + N::width, N::width, keys + to);
      std::copy_n(row[r] + 2 * N::width, N::width, values + to);
      if constexpr (!N::looks_ahead)  // row d: keys at distance d
        std::copy_n(distances[r], N::width, all_distances + (place + past + i) * N::width);
    }
  }
}
/// The distances are a state, or rows of this call.
template <class N, class W, class S, class Distances>
constexpr void execute(cached_relative_attention_operation<N>, const call<W>& c, block_view<const S> row, const S* keys,
                       const S* values, Distances distances, row_major_view<const S> content,
                       row_major_view<const S> position, block_view<S> mixed, block_view<S> scratch) {
  for (index_type s = 0; s < c.batch.sequences; ++s) {
    const index_type first = c.batch.first_row[s], place = s * c.reserved.context * N::width,
                     kept = place + c.batch.kept_at_of(s) * N::width;
    const S* seen;
    if constexpr (N::looks_ahead) seen = detail::distances_of<N>(c, row.rows_are, c.batch.rows_of(s), distances.data);
    else seen = distances + place;
    const relative_attention_call<S> one{c.batch.rows_of(s),
                                         c.batch.past_of(s),
                                         row.from(first),
                                         {keys + kept, N::width},
                                         {values + kept, N::width},
                                         {seen, N::width},
                                         content.data,
                                         position.data,
                                         c.batch.valid_of(s),
                                         mixed.from(first),
                                         {},
                                         N::looks_ahead};
    kernels::relative_attention<S>(detail::relative_extents<N>, one, scratch.data, c.workers);
  }
}

/// probabilities [rows][heads * reserved tokens]
template <class N, class W, class S>
constexpr void execute(relative_attention_probabilities_operation<N>, const call<W>& c, block_view<const S> row,
                       block_view<const S> distances, row_major_view<const S> content, row_major_view<const S> position,
                       block_view<const S> log_sum_exp, block_view<S> seen) {
  const batch_rows& batch = c.batch_of(row.rows_are);
  for (index_type i = 0; i < seen.rows * seen.stride; ++i) seen.data[i] = S{0};
  for (index_type s = 0; s < batch.sequences; ++s)
    reference::relative_attention_probabilities<S>(
        detail::relative_extents<N>,
        detail::relative_sequence<N, W, S>(c, s, row, distances.data, content.data, position.data, {},
                                           detail::as_input<S>(log_sum_exp)),
        seen.from(batch.first_row[s]));
}

template <class N, class W, class S>
constexpr void execute(relative_attention_back_operation<N>, const call<W>& c, block_view<const S> row,
                       block_view<const S> distances, row_major_view<const S> content, row_major_view<const S> position,
                       block_view<const S> mixed, block_view<const S> log_sum_exp, block_view<const S> dmixed,
                       block_view<S> drow, block_view<S> ddistances, row_major_view<S> dcontent,
                       row_major_view<S> dposition, block_view<S> scratch) {
  const batch_rows& batch = c.batch_of(row.rows_are);
  for (index_type i = 0; i < ddistances.stride; ++i) ddistances.data[i] = S{0};
  for (index_type s = 0; s < batch.sequences; ++s) {
    const auto forward =
        detail::relative_sequence<N, W, S>(c, s, row, distances.data, content.data, position.data,
                                           detail::as_input<S>(mixed), detail::as_input<S>(log_sum_exp));
    const index_type first_key = batch.first_recalled_row(s, detail::memory_of(c, row.rows_are));
    for (index_type i = first_key; i < first_key + forward.past; ++i) std::fill_n(drow[i], N::width, S{0});  // no query
    const relative_attention_gradients<S> to{
        drow.from(first_key + forward.past),
        detail::columns_from<S>(drow, N::width).from(first_key),
        detail::columns_from<S>(drow, 2 * N::width).from(first_key),
        {detail::distances_of<N>(c, row.rows_are, forward.queries, ddistances.data), N::width},
        dcontent.data,
        dposition.data};
    kernels::relative_attention_back<S>(detail::relative_extents<N>, forward, dmixed.from(batch.first_row[s]), to,
                                        scratch.data, c.workers);
  }
}

}  // namespace typeformer
