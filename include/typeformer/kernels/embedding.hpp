// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <cstring>
#include <type_traits>

#include <typeformer/kernels/detail/row_blocks.hpp>
#include <typeformer/parallel/workers.hpp>
#include <typeformer/reference/embedding.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

/// `reference::embed`, same operands.
template <class S, Workers W>
constexpr void embed(index_type rows, index_type width, const std::int32_t* ids, const S* table, rows_view<S> y,
                     const W& workers) {
  if constexpr (std::is_same_v<S, float>)
    if (!std::is_constant_evaluated())
      return detail::for_each_row_block(rows, width, workers, [&](index_type first, index_type count) {
        for (index_type row = first; row < first + count; ++row)
          std::memcpy(y[row], table + ids[row] * width, static_cast<std::size_t>(width) * sizeof(float));
      });
  reference::embed<S>(rows, width, ids, table, y);
}

/// `reference::embed_add`, same operands.
template <class S, Workers W>
constexpr void embed_add(index_type rows, index_type width, const std::int32_t* ids, const S* table, rows_view<S> y,
                         const W& workers) {
  if constexpr (std::is_same_v<S, float>)
    if (!std::is_constant_evaluated())
      return detail::for_each_row_block(rows, width, workers, [&](index_type first, index_type count) {
        for (index_type row = first; row < first + count; ++row)
          detail::for_each_pack(width, [&](index_type i, auto n) {
            detail::store(detail::load(y[row] + i, n) + detail::load(table + ids[row] * width + i, n), y[row] + i, n);
          });
      });
  reference::embed_add<S>(rows, width, ids, table, y);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
