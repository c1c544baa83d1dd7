// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>

#include <typeformer/kernels/transpose_block.hpp>
#include <typeformer/reference/attention_call.hpp>
#include <typeformer/simd/pack.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA::detail {

/// Most queries of a tile, most keys of a block, floats of one copy of either, and the columns a copy has room for: less
/// where there are no vectors, because such targets have kilobytes of stack.
inline constexpr index_type back_lanes = simd::pack<float>::lanes;
inline constexpr index_type back_queries = back_lanes > 1 ? 32 : 8, back_keys = back_lanes > 1 ? 32 : key_block;
inline constexpr index_type copy_floats = back_lanes >= 8  ? 2048
                                          : back_lanes > 1 ? 1024
                                                           : 256,
                            back_columns = copy_floats / key_block;

/// Rows of a copy are whole packs of columns; a wider head than `back_columns` is copied in parts.
constexpr index_type copy_stride(index_type head_width) {
  return ((std::min)(head_width, back_columns) + key_block - 1) / key_block * key_block;
}
constexpr index_type copy_rows(index_type head_width) { return copy_floats / copy_stride(head_width); }

/// Keys [first, first + count) of one head with their values transposed to panels and the keys to rows, for
/// `columns` columns at a time: all of them, unless the head is wider than `back_columns`.
struct key_value_block {
  index_type first, count, columns;
  const std::uint8_t* valid;  // of the block's keys, or null
  alignas(64) float value_panels[copy_floats];
  alignas(64) float key_rows[copy_floats];

  static constexpr index_type keys_for(index_type head_width) {
    return (std::min)(back_keys, copy_rows(head_width) / key_block * key_block);
  }

  rows_view<const float> rows() const { return {key_rows, copy_stride(columns)}; }

  /// Copies columns [column, column + columns); `panels` and `v` begin at the block. Keys that are not valid become 0.
  void copy(const float* panels, index_type head_width, rows_view<const float> v, index_type column) {
    constexpr index_type lanes = simd::pack<float>::lanes;
    columns = (std::min)(back_columns, head_width - column);
    for (index_type key = 0; key < count; key += lanes) {
      float* const to = value_panels + key_offset(key, columns);
      transpose_block((std::min)(lanes, count - key), columns, v[key] + column, v.stride, to, key_block, true);
    }
    const index_type stride = rows().stride;
    for (index_type key = 0; key < count; key += key_block)
      for (index_type c = 0; c < columns; c += lanes)
        transpose_block((std::min)(lanes, columns - c), (std::min)(key_block, count - key),
                        panels + key_offset(key, head_width) + (column + c) * key_block, key_block,
                        key_rows + key * stride + c, stride, true);
    if (valid)
      for (index_type key = 0; key < count; ++key)
        if (!valid[key]) std::fill_n(key_rows + key * stride, columns, 0.0f);
  }
};

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA::detail
