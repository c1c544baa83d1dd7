// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>

#include <typeformer/execution/call.hpp>
#include <typeformer/execution/self_attention.hpp>
#include <typeformer/kernels/narrow_attention.hpp>
#include <typeformer/kernels/store_narrow.hpp>
#include <typeformer/shape/cached_heads.hpp>

/// What runs attention over cached keys and values in a narrow format, for sessions with `cache_in<bf16>` or
/// `cache_in<int8<>>`.
namespace typeformer {

namespace detail {

/// The keys of sequence `s`, of `tokens` tokens, and its values.
template <class N, class Byte, class Format, class S>
cached_heads<Format, Byte> cached_keys_of(cache_view<Format, S> keys, index_type s, index_type tokens) {
  return cached_heads<Format, Byte>::of_sequence(keys, s, N::key_value_heads, blocks_of(tokens) * key_block,
                                                 N::head_width);
}
template <class N, class Byte, class Format, class S>
cached_heads<Format, Byte> cached_values_of(cache_view<Format, S> values, index_type s, index_type tokens) {
  return cached_heads<Format, Byte>::of_sequence(values, s, N::key_value_heads, tokens, N::head_width);
}

}  // namespace detail

template <class N, class W, class S, class Format>
void execute(cache_operation<N>, const call<W>& c, block_view<const S> row, cache_view<Format, S> keys,
             cache_view<Format, S> values) {
  for (index_type s = 0; s < c.batch.sequences; ++s) {
    const index_type first = c.batch.first_row[s], count = c.batch.rows_of(s), past = c.batch.past_of(s);
    const auto cached_keys = detail::cached_keys_of<N, std::byte>(keys, s, c.reserved.context);
    const auto cached_values = detail::cached_values_of<N, std::byte>(values, s, c.reserved.context);
    const auto k = detail::columns_from<const S>(row, N::query_width).from(first),
               v = detail::columns_from<const S>(row, N::query_width + N::key_width).from(first);
    kernels::store_narrow(count, k, v, past, cached_keys, cached_values, c.workers);
  }
}

template <class N, class W, class S, class Format, class Bias>
void execute(cached_attention_operation<N>, const call<W>& c, block_view<const S> row, cache_view<Format, const S> keys,
             cache_view<Format, const S> values, Bias bias, block_view<S> mixed) {
  for (index_type s = 0; s < c.batch.sequences; ++s) {
    const index_type first = c.batch.first_row[s], count = c.batch.rows_of(s), past = c.batch.past_of(s);
    const auto rule = detail::rule_of<N, S>(c, c.batch, axis::token, s, detail::bias_data(bias));
    narrow_attention_call<Format, S> one{
        {count, past, past + count, row.from(first), nullptr, 0, {}, c.batch.valid_of(s), mixed.from(first), {}, &rule},
        detail::cached_keys_of<N, const std::byte>(keys, s, c.reserved.context),
        detail::cached_values_of<N, const std::byte>(values, s, c.reserved.context)};
    kernels::narrow_attention<detail::mask_of<N>>(detail::extents_in<N>(c), one, c.workers);
  }
}

}  // namespace typeformer
