// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/execution/call.hpp>
#include <typeformer/kernels/attention.hpp>
#include <typeformer/layers/attention_operations.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/position_bias.hpp>
#include <typeformer/reference/attention.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

namespace detail {

template <class Mask> struct kernel_mask;
template <> struct kernel_mask<causal> {
  using type = causal_mask;
};
template <> struct kernel_mask<bidirectional> {
  using type = full_mask;
};
template <> struct kernel_mask<causal_after_prefix> {
  using type = causal_mask;
};
template <class N>
using mask_of = std::conditional_t<N::has_rule, with_rule<typename kernel_mask<typename N::mask>::type>,
                                   typename kernel_mask<typename N::mask>::type>;

template <class S> constexpr const S* bias_data(const S* nothing) { return nothing; }
template <class S> constexpr S* bias_data(block_view<S> table) { return table.data; }

/// The first key of a sequence that is not padding; 0 if none is.
constexpr index_type first_valid_key(const batch_rows& batch, index_type sequence) {
  const std::uint8_t* const valid = batch.valid_of(sequence);
  const index_type keys = batch.past_of(sequence) + batch.rows_of(sequence);
  for (index_type key = 0; valid && key < keys; ++key)
    if (valid[key]) return key;
  return 0;
}

/// The rule for the scores of one sequence.
template <class N, class S, class W>
constexpr score_rule<S> rule_of(const call<W>& c, const batch_rows& batch, axis rows_are, index_type sequence,
                                const S* bias) {
  const index_type window = N::rule::window::of(c.iteration[0]);
  score_rule<S> rule{
      window,
      std::is_same_v<typename N::mask, causal_after_prefix> && batch.prefixes ? batch.prefixes[sequence] : 0,
      S(N::rule::soft_cap),
      bias,
      distances(c.reserved, rows_are),
      longest_distance(c.reserved, rows_are),
      nullptr,
      reaches_ahead<typename N::rule::window> ? window : 0};
  if constexpr (requires { N::rule::window::chunk; }) {
    rule.chunk = N::rule::window::chunk;
    rule.chunk_from = first_valid_key(batch, sequence);
  }
  return rule;
}

template <class N> inline constexpr attention_extents extents_of{N::heads, N::key_value_heads, N::head_width, N::scale};

/// The extents of one layer's attention.
template <class N, class W> constexpr attention_extents extents_in(const call<W>& c) {
  attention_extents extents = extents_of<N>;
  if constexpr (N::scale_is_over_layer_number) extents.scale /= double(c.iteration[0] + 1);
  return extents;
}

template <class S> constexpr rows_view<S> columns_from(rows_view<S> rows, index_type first) {
  return {rows.data ? rows.data + first : nullptr, rows.stride};
}

template <class N> constexpr index_type panel_stride(index_type keys) {
  return blocks_of(keys) * key_block * N::head_width;
}

/// attention_call has y and log_sum_exp as writable for the forward pass; the backward pass only reads them.
template <class S> constexpr rows_view<S> as_input(rows_view<const S> rows) {
  return {const_cast<S*>(rows.data), rows.stride};
}

/// One sequence of a call whose keys were all computed in this call.
template <class N, class S>
constexpr attention_call<S> sequence_call(const capacities& reserved, const batch_rows& batch, index_type s,
                                          block_view<const S> row, const S* panels, rows_view<S> mixed,
                                          rows_view<S> log_sum_exp, const score_rule<S>* rule) {
  const index_type first = batch.first_row[s], count = batch.rows_of(s);
  const index_type stride = panel_stride<N>(reserved.tokens_of(row.rows_are));
  return {count,
          0,
          count,
          row.from(first),
          panels + s * stride * N::key_value_heads,
          stride,
          columns_from<const S>(row, N::query_width + N::key_width).from(first),
          batch.valid_of(s),
          mixed.from(first),
          log_sum_exp ? log_sum_exp.from(first) : rows_view<S>{},
          rule};
}

}  // namespace detail

template <class N, class W, class S>
constexpr void execute(key_panels_operation<N>, const call<W>& c, block_view<const S> row, block_view<S> panels) {
  const batch_rows& batch = c.batch_of(row.rows_are);
  const index_type stride = detail::panel_stride<N>(c.reserved.tokens_of(row.rows_are));
  for (index_type s = 0; s < batch.sequences; ++s)
    kernels::store_keys<S>(batch.rows_of(s), detail::extents_of<N>,
                           detail::columns_from<const S>(row, N::query_width).from(batch.first_row[s]), 0,
                           panels.data + s * stride * N::key_value_heads, stride, c.workers);
}

/// `bias` is the table of distances, or a null pointer.
template <class N, class W, class S, class Bias>
constexpr void execute(attention_operation<N>, const call<W>& c, block_view<const S> row, block_view<const S> panels,
                       Bias bias, block_view<S> mixed, block_view<S> log_sum_exp) {
  const batch_rows& batch = c.batch_of(row.rows_are);
  for (index_type s = 0; s < batch.sequences; ++s) {
    const auto rule = detail::rule_of<N, S>(c, batch, row.rows_are, s, detail::bias_data(bias));
    kernels::attention<detail::mask_of<N>, S>(
        detail::extents_in<N>(c),
        detail::sequence_call<N, S>(c.reserved, batch, s, row, panels.data, mixed, log_sum_exp, &rule), c.workers);
  }
}

template <class N, class W, class S>
constexpr void execute(cache_operation<N>, const call<W>& c, block_view<const S> row, S* keys, S* values) {
  const index_type stride = detail::panel_stride<N>(c.reserved.context);
  for (index_type s = 0; s < c.batch.sequences; ++s) {
    const index_type first = c.batch.first_row[s], count = c.batch.rows_of(s), past = c.batch.past_of(s);
    kernels::store_keys<S>(count, detail::extents_of<N>, detail::columns_from<const S>(row, N::query_width).from(first),
                           past, keys + s * stride * N::key_value_heads, stride, c.workers);
    S* const cached = values + (s * c.reserved.context + past) * N::key_width;
    for (index_type i = 0; i < count; ++i)
      for (index_type k = 0; k < N::key_width; ++k)
        cached[i * N::key_width + k] = row[first + i][N::query_width + N::key_width + k];
  }
}

template <class N, class W, class S, class Bias>
constexpr void execute(cached_attention_operation<N>, const call<W>& c, block_view<const S> row, const S* keys,
                       const S* values, Bias bias, block_view<S> mixed) {
  const index_type stride = detail::panel_stride<N>(c.reserved.context);
  for (index_type s = 0; s < c.batch.sequences; ++s) {
    const index_type first = c.batch.first_row[s], count = c.batch.rows_of(s), past = c.batch.past_of(s);
    const auto rule = detail::rule_of<N, S>(c, c.batch, axis::token, s, detail::bias_data(bias));
    kernels::attention<detail::mask_of<N>, S>(
        detail::extents_in<N>(c),
        attention_call<S>{count, past, past + count, row.from(first), keys + s * stride * N::key_value_heads, stride,
                          rows_view<const S>{values + s * c.reserved.context * N::key_width, N::key_width},
                          c.batch.valid_of(s), mixed.from(first), rows_view<S>{}, &rule},
        c.workers);
  }
}

/// probabilities [rows][heads * reserved tokens]
template <class N, class W, class S, class Bias>
constexpr void execute(attention_probabilities_operation<N>, const call<W>& c, block_view<const S> row,
                       block_view<const S> panels, Bias bias, block_view<const S> mixed,
                       block_view<const S> log_sum_exp, block_view<S> seen) {
  const batch_rows& batch = c.batch_of(row.rows_are);
  for (index_type s = 0; s < batch.sequences; ++s) {
    const auto rule = detail::rule_of<N, S>(c, batch, row.rows_are, s, detail::bias_data(bias));
    for (index_type i = 0; i < batch.rows_of(s); ++i) {
      auto one = detail::sequence_call<N, S>(c.reserved, batch, s, row, panels.data, detail::as_input<S>(mixed),
                                             detail::as_input<S>(log_sum_exp), &rule);
      const index_type r = batch.first_row[s] + i;
      one.queries = 1;
      one.past = i;
      one.q = row.from(r);
      one.y = detail::as_input<S>(mixed).from(r);
      one.log_sum_exp = detail::as_input<S>(log_sum_exp).from(r);
      for (index_type k = 0; k < seen.stride; ++k) seen[r][k] = S{0};
      reference::attention_probabilities<detail::mask_of<N>, S>(detail::extents_in<N>(c), one, seen[r]);
    }
  }
}

}  // namespace typeformer
