// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>

#include <typeformer/kernels/detail/attention_tile.hpp>

/// Tiles of queries of one head that read the same blocks of keys. Over long contexts keys and values come from far away;
/// a block that many tiles read while it is near costs its transfer once.
namespace typeformer::kernels::inline TYPEFORMER_ISA::detail {

/// The tiles that read a block of keys while it is in a near cache, and the floats of a copy of its values.
inline constexpr index_type group_tiles = has_large_stack ? 12 : 1, group_queries = group_tiles * tile_queries,
                            value_copy_floats = has_large_stack ? block_keys * 64 : key_block;

/// Values that lie closer are read in place: their block is a few KiB of the near cache anyway.
inline constexpr index_type least_copied_stride = 256;

/// The keys of a block for several queries. Fewer than 64 would not fill the registers.
constexpr index_type block_keys_for(index_type head_width) {
  return head_width * block_keys > value_copy_floats ? (std::min)(block_keys, index_type{64}) : block_keys;
}

/// Copies the values of keys [first, end) to rows without gaps, because strides of several KiB map to few cache lines.
inline rows_view<const float> copy_values(const attention_call<float>& call, rows_view<const float> v, index_type first,
                                          index_type end, index_type width, float* copy) {
  for (index_type key = first; key < end; ++key) {
    float* const to = copy + (key - first) * width;
    if (call.key_valid && !call.key_valid[key]) std::fill_n(to, width, 0.0f);
    else std::copy_n(v[key], width, to);
  }
  return {copy, width};
}

/// The queries [query, query + group_queries) of one head, as far as there are so many. Each block of keys is read by
/// all tiles before the next one is.
template <class Mask>
void attend_group(const attention_extents& extents, const attention_call<float>& call, index_type head,
                  index_type query) {
  const attention_head of{extents, call, head};
  const float* const panels = call.key_panels + extents.kv_head_of(head) * call.key_head_stride;
  const rows_view<const float> v{call.v.data + extents.kv_head_of(head) * extents.head_width, call.v.stride};
  attention_tile tiles[group_tiles];
  index_type count = 0, begin = call.keys, end = 0;
  for (; count < group_tiles && query < call.queries; ++count, query += tile_queries) {
    attention_tile& tile = tiles[count];
    tile.template start<Mask>(call, query);
    begin = (std::min)(begin, tile.begin / key_block * key_block);
    end = (std::max)(end, tile.end);
  }
  const index_type width = extents.head_width;
  const index_type block_size = count == 1 && tiles[0].rows == 1 ? single_query_block_keys : block_keys_for(width);
  const bool copies = count > 1 && v.stride >= least_copied_stride && block_size * width <= value_copy_floats;
  alignas(64) float copy[value_copy_floats];
  for (index_type block = begin; block < end; block += block_size) {
    const index_type block_end = (std::min)(block + block_size, end);
    const rows_view<const float> values = copies ? copy_values(call, v, block, block_end, width, copy) : v.from(block);
    for (index_type t = 0; t < count; ++t) {
      const index_type first = (std::max)(block, tiles[t].begin / key_block * key_block),
                       last = (std::min)(block_end, tiles[t].end);
      if (first < last)
        attend<has_rule<Mask>, drops_probabilities<Mask>>(
            extents, call, of, {first, last, panels + key_offset(first, width), values.from(first - block), copies},
            tiles[t]);
    }
  }
  for (index_type t = 0; t < count; ++t) finish(extents, call, of, tiles[t]);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA::detail
