// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <type_traits>

#include <typeformer/kernels/detail/attention_group.hpp>
#include <typeformer/kernels/detail/for_each_head.hpp>
#include <typeformer/parallel/workers.hpp>
#include <typeformer/reference/attention.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

namespace detail {

inline void store_keys_of_head(index_type rows, index_type width, rows_view<const float> k, index_type first_key,
                               float* panels) {
  for (index_type row = 0; row < rows; ++row) {
    float* const panel = panels + key_offset(first_key + row, width);
    const float* const from = k[row];
    for (index_type column = 0; column < width; ++column) panel[column * key_block] = from[column];
  }
}

}  // namespace detail

/// `reference::store_keys`, same operands.
template <class S, Workers W>
constexpr void store_keys(index_type rows, const attention_extents& extents, rows_view<const S> k, index_type first_key,
                          S* key_panels, index_type key_head_stride, const W& workers) {
  if constexpr (std::is_same_v<S, float>)
    if (!std::is_constant_evaluated())
      return detail::for_each_head(
          extents.kv_heads, rows * extents.kv_heads * extents.head_width, workers, [&](index_type head) {
            detail::store_keys_of_head(rows, extents.head_width, {k.data + head * extents.head_width, k.stride},
                                       first_key, key_panels + head * key_head_stride);
          });
  reference::store_keys<S>(rows, extents, k, first_key, key_panels, key_head_stride);
}

/// `reference::attention`, same operands. Heads and groups of queries are shared among the workers.
///
/// Keys that no query of a tile may see are not computed, so a causal mask halves the work. A block of keys and values
/// is read by up to 144 queries while it is in the near cache. Precondition on Mask:
/// first_key and end_key do not decrease with the position. A non-finite value row may reach the queries before it that
/// share its tile of twelve. Values of invalid keys and of keys beyond `keys` are never read.
/// Cost: 2 queries * visible keys * head_width multiply-adds per head; about 55 KiB of stack
/// (5 KiB where addresses have 32 bits).
template <class Mask, class S, Workers W>
constexpr void attention(const attention_extents& extents, const attention_call<S>& call, const W& workers) {
  if constexpr (std::is_same_v<S, float>)
    if (!std::is_constant_evaluated()) {
      const index_type groups = (call.queries + detail::group_queries - 1) / detail::group_queries;
      return detail::for_each_head(
          extents.heads * groups, extents.heads * call.queries * call.keys * extents.head_width, workers,
          [&](index_type part) {
            detail::attend_group<Mask>(extents, call, part / groups, part % groups * detail::group_queries);
          });
    }
  reference::attention<Mask, S>(extents, call);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
