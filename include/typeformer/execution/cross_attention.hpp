// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/execution/call.hpp>
#include <typeformer/execution/self_attention.hpp>
#include <typeformer/kernels/attention_back.hpp>
#include <typeformer/layers/cross_attention.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

namespace detail {

/// The facts about a sequence's source, which was read in this call or is cached.
struct source_facts {
  index_type length;
  const std::uint8_t* valid;
};
constexpr source_facts source_of(const batch_rows& batch, const batch_rows& source, index_type sequence) {
  if (batch.source_lengths)
    return {batch.source_lengths[sequence],
            batch.source_valid ? batch.source_valid + sequence * batch.source_stride : nullptr};
  return {source.rows_of(sequence), source.valid_of(sequence)};
}

/// One sequence: its queries against the keys and values of its source. `v` is that of the source's first token. `past`
/// cached tokens come before the new ones.
template <class N, class S>
constexpr attention_call<S> cross_call(const batch_rows& batch, index_type s, index_type past, source_facts source,
                                       rows_view<const S> query, const S* panels, index_type stride,
                                       rows_view<const S> v, rows_view<S> mixed, rows_view<S> log_sum_exp,
                                       const score_rule<S>* rule) {
  const index_type first = batch.first_row[s];
  return {batch.rows_of(s),
          past,
          source.length,
          query.from(first),
          panels,
          stride,
          v,
          source.valid,
          mixed.from(first),
          log_sum_exp ? log_sum_exp.from(first) : rows_view<S>{},
          rule};
}
template <class N, class S> constexpr score_rule<S> cross_rule() {
  score_rule<S> rule;
  rule.soft_cap = S(N::rule::soft_cap);
  return rule;
}

/// Calls f(sequence, the call of its attention) for keys and values that were computed in this call. Earlier tokens
/// count only if the model caches them: a batch may give their number to a model that caches none.
template <class N, class W, class S, class F>
constexpr void for_each_cross_call(const call<W>& c, block_view<const S> query, block_view<const S> key_value,
                                   block_view<const S> panels, rows_view<S> mixed, rows_view<S> log_sum_exp, F&& f) {
  const index_type stride = panel_stride<N>(c.reserved.source);
  const auto rule = cross_rule<N, S>();
  for (index_type s = 0; s < c.batch.sequences; ++s)
    f(s, cross_call<N, S>(c.batch, s, c.batch.cached_of(s, c.reserved.memory), source_of(c.batch, c.source, s), query,
                          panels.data + s * stride * N::key_value_heads, stride,
                          columns_from<const S>(key_value, N::key_width).from(c.source.first_row[s]), mixed,
                          log_sum_exp, &rule));
}

}  // namespace detail

template <class N, class W, class S>
constexpr void execute(cross_key_panels_operation<N>, const call<W>& c, block_view<const S> key_value,
                       block_view<S> panels) {
  const batch_rows& source = c.batch_of(axis::source);
  const index_type stride = detail::panel_stride<N>(c.reserved.source);
  for (index_type s = 0; s < source.sequences; ++s)
    kernels::store_keys<S>(source.rows_of(s), detail::extents_of<N>, key_value.from(source.first_row[s]), 0,
                           panels.data + s * stride * N::key_value_heads, stride, c.workers);
}
template <class N, class W, class S>
constexpr void execute(cross_attention_operation<N>, const call<W>& c, block_view<const S> query,
                       block_view<const S> key_value, block_view<const S> panels, block_view<S> mixed,
                       block_view<S> log_sum_exp) {
  detail::for_each_cross_call<N, W, S>(
      c, query, key_value, panels, mixed, log_sum_exp, [&](index_type, const attention_call<S>& one) {
        kernels::attention<detail::mask_of<N>, S>(detail::extents_of<N>, one, c.workers);
      });
}
template <class N, class W, class S>
constexpr void execute(cache_source_operation<N>, const call<W>& c, block_view<const S> key_value, S* keys, S* values) {
  const batch_rows& source = c.batch_of(axis::source);
  const index_type stride = detail::panel_stride<N>(c.reserved.source);
  for (index_type s = 0; s < source.sequences; ++s) {
    const index_type first = source.first_row[s], count = source.rows_of(s);
    kernels::store_keys<S>(count, detail::extents_of<N>, key_value.from(first), 0,
                           keys + s * stride * N::key_value_heads, stride, c.workers);
    S* const cached = values + s * c.reserved.source * N::key_width;
    for (index_type i = 0; i < count; ++i)
      for (index_type k = 0; k < N::key_width; ++k)
        cached[i * N::key_width + k] = key_value[first + i][N::key_width + k];
  }
}
template <class N, class W, class S>
constexpr void execute(cached_cross_attention_operation<N>, const call<W>& c, block_view<const S> query, const S* keys,
                       const S* values, block_view<S> mixed) {
  const index_type stride = detail::panel_stride<N>(c.reserved.source);
  const auto rule = detail::cross_rule<N, S>();
  for (index_type s = 0; s < c.batch.sequences; ++s)
    kernels::attention<detail::mask_of<N>, S>(
        detail::extents_of<N>,
        detail::cross_call<N, S>(c.batch, s, c.batch.past_of(s), detail::source_of(c.batch, c.source, s), query,
                                 keys + s * stride * N::key_value_heads, stride,
                                 {values + s * c.reserved.source * N::key_width, N::key_width}, mixed, {}, &rule),
        c.workers);
}

/// probabilities [rows][heads * source tokens of the row's sequence]
template <class N, class W, class S>
constexpr void execute(cross_attention_probabilities_operation<N>, const call<W>& c, block_view<const S> query,
                       block_view<const S> key_value, block_view<const S> panels, block_view<const S> mixed,
                       block_view<const S> log_sum_exp, block_view<S> seen) {
  detail::for_each_cross_call<N, W, S>(
      c, query, key_value, panels, detail::as_input<S>(mixed), detail::as_input<S>(log_sum_exp),
      [&](index_type s, const attention_call<S>& all) {
        for (index_type i = 0; i < all.queries; ++i) {
          auto one = all;
          one.queries = 1;
          one.past = all.past + i;
          one.q = all.q.from(i);
          one.y = all.y.from(i);
          one.log_sum_exp = all.log_sum_exp.from(i);
          S* const row = seen[c.batch.first_row[s] + i];
          for (index_type k = 0; k < seen.stride; ++k) row[k] = S{0};
          reference::attention_probabilities<detail::mask_of<N>, S>(detail::extents_of<N>, one, row);
        }
      });
}
template <class N, class W, class S>
constexpr void execute(cross_attention_back_operation<N>, const call<W>& c, block_view<const S> query,
                       block_view<const S> key_value, block_view<const S> panels, block_view<const S> mixed,
                       block_view<const S> log_sum_exp, block_view<const S> dmixed, block_view<S> dquery,
                       block_view<S> dkey_value) {
  detail::for_each_cross_call<N, W, S>(
      c, query, key_value, panels, detail::as_input<S>(mixed), detail::as_input<S>(log_sum_exp),
      [&](index_type s, const attention_call<S>& one) {
        const index_type first = c.batch.first_row[s], first_key = c.source.first_row[s];
        kernels::attention_back<detail::mask_of<N>, S>(
            detail::extents_of<N>, one, dmixed.from(first), dquery.from(first), dkey_value.from(first_key),
            detail::columns_from<S>(dkey_value, N::key_width).from(first_key), c.workers);
      });
}

}  // namespace typeformer
