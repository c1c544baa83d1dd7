// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <typeformer/kernels/detail/attention_group.hpp>
#include <typeformer/kernels/detail/for_each_head.hpp>
#include <typeformer/kernels/detail/narrow_attention_query.hpp>
#include <typeformer/reference/attention.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

namespace detail {

/// Keys of a block that many queries share, so that copies of keys and values fit in `value_copy_floats`; 0: none do.
constexpr index_type narrow_block_keys(index_type head_width) {
  return (std::min)(block_keys, value_copy_floats / (2 * head_width) / key_block * key_block);
}

/// The keys [first, end) of one head as floats, in panels. `first` begins a panel.
template <class Format>
void widen_keys(cached_heads<Format, const std::byte> keys, index_type head, index_type first, index_type end,
                float* to) {
  using pack = simd::pack<float>;
  const index_type width = keys.head_width;
  for (index_type key = first; key < end; key += pack::lanes) {
    const std::byte* const from = keys.at(head, key_offset(key, width));
    float* const panel = to + key_offset(key - first, width);
    pack scales(1.0f);
    if constexpr (cached_number<Format>::has_token_scale) scales = load_scales(keys.scales(head, key));
    for (index_type column = 0; column < width; ++column) {
      const pack numbers = simd::load_numbers<Format>(from + column * key_block * keys.bytes);
      if constexpr (cached_number<Format>::has_column_scale) scales = pack(keys.column_scales(head)[column]);
      (std::is_same_v<Format, bf16> ? numbers : numbers * scales).store(panel + column * key_block);
    }
  }
}
/// Their values in rows; 0 for keys that are not valid.
template <class Format>
void widen_values(cached_heads<Format, const std::byte> values, index_type head, index_type first, index_type end,
                  const std::uint8_t* valid, float* to) {
  const index_type width = values.head_width;
  for (index_type key = first; key < end; ++key, to += width) {
    if (valid && !valid[key]) {
      std::fill_n(to, width, 0.0f);
      continue;
    }
    for_each_pack(width, [&](index_type column, auto n) {
      const std::byte* const from = values.at(head, key * width + column);
      simd::pack<float> scale(1.0f);
      if constexpr (cached_number<Format>::has_column_scale) scale = load(values.column_scales(head) + column, n);
      else scale = simd::pack<float>(values.scale(head, key, column));
      if constexpr (std::is_same_v<decltype(n), index_type>)
        store(simd::load_numbers<Format>(from, n) * scale, to + column, n);
      else store(simd::load_numbers<Format>(from) * scale, to + column, n);
    });
  }
}

/// As `attend_group`. A block of keys and values is widened once for all queries of the group; a single query reads it as
/// it is.
template <class Mask, class Format>
void attend_narrow_group(const attention_extents& extents, const narrow_attention_call<Format, float>& call,
                         index_type head, index_type query) {
  const attention_head of{extents, call, head};
  const index_type width = extents.head_width, kv_head = extents.kv_head_of(head),
                   queries = (std::min)(group_queries, call.queries - query);
  attention_tile tiles[group_tiles];
  if (queries == 1 || narrow_block_keys(width) == 0) {
    for (index_type i = 0; i < queries; ++i) {
      attention_call<float> one = call;
      one.queries = query + i + 1;
      attention_tile& tile = tiles[0];
      tile.template start<Mask>(one, query + i);
      for (index_type block = tile.begin / key_block * key_block; block < tile.end; block += single_query_block_keys)
        attend_narrow<has_rule<Mask>>(extents, call, of, block, (std::min)(block + single_query_block_keys, tile.end),
                                      tile);
      finish(extents, call, of, tile);
    }
    return;
  }
  index_type count = 0, begin = call.keys, end = 0;
  for (; count < group_tiles && query < call.queries; ++count, query += tile_queries) {
    tiles[count].template start<Mask>(call, query);
    begin = (std::min)(begin, tiles[count].begin / key_block * key_block);
    end = (std::max)(end, tiles[count].end);
  }
  const index_type block_size = narrow_block_keys(width);
  alignas(64) float copy[value_copy_floats];
  for (index_type block = begin; block < end; block += block_size) {
    const index_type block_end = (std::min)(block + block_size, end);
    float* const values = copy + block_size * width;
    widen_keys(call.cached_keys, kv_head, block, block_end, copy);
    widen_values(call.cached_values, kv_head, block, block_end, call.key_valid, values);
    for (index_type t = 0; t < count; ++t) {
      const index_type first = (std::max)(block, tiles[t].begin / key_block * key_block),
                       last = (std::min)(block_end, tiles[t].end);
      if (first < last)
        attend<has_rule<Mask>, false>(
            extents, call, of,
            {first, last, copy + key_offset(first - block, width), {values + (first - block) * width, width}, true},
            tiles[t]);
    }
  }
  for (index_type t = 0; t < count; ++t) finish(extents, call, of, tiles[t]);
}

}  // namespace detail

/// `reference::attention` over cached keys and values in a narrow format. Heads and groups of queries are shared among the
/// workers. Cost: that of `attention`, and for more than one query two stores for each cached number that a group sees.
template <class Mask, class Format, class S, class W>
void narrow_attention(const attention_extents& extents, const narrow_attention_call<Format, S>& call,
                      const W& workers) {
  if constexpr (std::is_same_v<S, float>) {
    const index_type groups = (call.queries + detail::group_queries - 1) / detail::group_queries;
    detail::for_each_head(extents.heads * groups, extents.heads * call.queries * call.keys * extents.head_width,
                          workers, [&](index_type part) {
                            detail::attend_narrow_group<Mask>(extents, call, part / groups,
                                                              part % groups * detail::group_queries);
                          });
  } else {
    reference::attention<Mask, S>(extents, call);
  }
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
