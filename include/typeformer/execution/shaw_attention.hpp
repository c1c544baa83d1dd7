// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/execution/call.hpp>
#include <typeformer/execution/self_attention.hpp>
#include <typeformer/kernels/shaw_attention.hpp>
#include <typeformer/kernels/shaw_attention_back.hpp>
#include <typeformer/layers/shaw_attention.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

namespace detail {

template <class N> inline constexpr attention_extents shaw_extents{N::heads, N::heads, N::head_width, N::scale};
template <class N> using shaw_mask = typename kernel_mask<typename N::mask>::type;

/// One sequence of a call whose keys were all computed in this call.
template <class N, class S>
constexpr shaw_attention_call<S> shaw_sequence(const batch_rows& batch, index_type s, block_view<const S> row,
                                               const S* of_keys, const S* of_values, rows_view<S> mixed,
                                               rows_view<S> log_sum_exp) {
  const index_type first = batch.first_row[s];
  return {batch.rows_of(s),
          0,
          N::reach,
          row.from(first),
          columns_from<const S>(row, N::width).from(first),
          columns_from<const S>(row, 2 * N::width).from(first),
          {of_keys, N::head_width},
          {of_values, N::head_width},
          batch.valid_of(s),
          mixed ? mixed.from(first) : rows_view<S>{},
          log_sum_exp ? log_sum_exp.from(first) : rows_view<S>{}};
}

}  // namespace detail

template <class N, class W, class S>
constexpr void execute(shaw_attention_operation<N>, const call<W>& c, block_view<const S> row,
                       row_major_view<const S> of_keys, row_major_view<const S> of_values, block_view<S> mixed,
                       block_view<S> log_sum_exp, block_view<S> scratch) {
  const batch_rows& batch = c.batch_of(row.rows_are);
  for (index_type s = 0; s < batch.sequences; ++s)
    kernels::shaw_attention<detail::shaw_mask<N>, S>(
        detail::shaw_extents<N>,
        detail::shaw_sequence<N, S>(batch, s, row, of_keys.data, of_values.data, mixed, log_sum_exp), scratch.data,
        c.workers);
}

template <class N, class W, class S>
constexpr void execute(cache_shaw_operation<N>, const call<W>& c, block_view<const S> row, S* keys, S* values) {
  for (index_type s = 0; s < c.batch.sequences; ++s)
    for (index_type i = 0; i < c.batch.rows_of(s); ++i) {
      const index_type r = c.batch.first_row[s] + i, to = (s * c.reserved.context + c.batch.past_of(s) + i) * N::width;
      for (index_type k = 0; k < N::width; ++k) {
        keys[to + k] = row[r][N::width + k];
        values[to + k] = row[r][2 * N::width + k];
      }
    }
}
template <class N, class W, class S>
constexpr void execute(cached_shaw_attention_operation<N>, const call<W>& c, block_view<const S> row, const S* keys,
                       const S* values, row_major_view<const S> of_keys, row_major_view<const S> of_values,
                       block_view<S> mixed, block_view<S> scratch) {
  for (index_type s = 0; s < c.batch.sequences; ++s) {
    const index_type place = s * c.reserved.context * N::width;
    auto one = detail::shaw_sequence<N, S>(c.batch, s, row, of_keys.data, of_values.data, mixed, {});
    one.past = c.batch.past_of(s);
    one.k = {keys + place, N::width};
    one.v = {values + place, N::width};
    kernels::shaw_attention<detail::shaw_mask<N>, S>(detail::shaw_extents<N>, one, scratch.data, c.workers);
  }
}

/// probabilities [rows][heads * reserved tokens]
template <class N, class W, class S>
constexpr void execute(shaw_attention_probabilities_operation<N>, const call<W>& c, block_view<const S> row,
                       row_major_view<const S> of_keys, row_major_view<const S> of_values,
                       block_view<const S> log_sum_exp, block_view<S> seen) {
  const batch_rows& batch = c.batch_of(row.rows_are);
  for (index_type i = 0; i < seen.rows * seen.stride; ++i) seen.data[i] = S{0};
  for (index_type s = 0; s < batch.sequences; ++s)
    reference::shaw_attention_probabilities<detail::shaw_mask<N>, S>(
        detail::shaw_extents<N>,
        detail::shaw_sequence<N, S>(batch, s, row, of_keys.data, of_values.data, {}, detail::as_input<S>(log_sum_exp)),
        seen.from(batch.first_row[s]));
}

template <class N, class W, class S>
constexpr void execute(shaw_attention_back_operation<N>, const call<W>& c, block_view<const S> row,
                       row_major_view<const S> of_keys, row_major_view<const S> of_values, block_view<const S> mixed,
                       block_view<const S> log_sum_exp, block_view<const S> dmixed, block_view<S> drow,
                       row_major_view<S> dof_keys, row_major_view<S> dof_values, block_view<S> scratch) {
  const batch_rows& batch = c.batch_of(row.rows_are);
  for (index_type s = 0; s < batch.sequences; ++s) {
    const index_type first = batch.first_row[s];
    kernels::shaw_attention_back<detail::shaw_mask<N>, S>(
        detail::shaw_extents<N>,
        detail::shaw_sequence<N, S>(batch, s, row, of_keys.data, of_values.data, detail::as_input<S>(mixed),
                                    detail::as_input<S>(log_sum_exp)),
        dmixed.from(first),
        {drow.from(first),
         detail::columns_from<S>(drow, N::width).from(first),
         detail::columns_from<S>(drow, 2 * N::width).from(first),
         {dof_keys.data, N::head_width},
         {dof_values.data, N::head_width}},
        scratch.data, c.workers);
  }
}

}  // namespace typeformer
