// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/kernels/detail/column_parts.hpp>
#include <typeformer/kernels/detail/row_blocks.hpp>
#include <typeformer/parallel/workers.hpp>
#include <typeformer/reference/embedding.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

/// `reference::embed_back`, same operands. The columns are shared among the workers, because two rows may have the same
/// id.
template <class S, Workers W>
constexpr void embed_back(index_type rows, index_type width, const std::int32_t* ids, rows_view<const S> dy, S* dtable,
                          std::int32_t padding, const W& workers) {
  if constexpr (std::is_same_v<S, float>)
    if (!std::is_constant_evaluated())
      return detail::for_each_column_part(rows, width, workers, [&](index_type first, index_type count) {
        for (index_type row = 0; row < rows; ++row) {
          if (ids[row] == padding) continue;
          float* const entry = dtable + ids[row] * width + first;
          const float* const gradient = dy[row] + first;
          detail::for_each_pack(count, [&](index_type i, auto n) {
            detail::store(detail::load(entry + i, n) + detail::load(gradient + i, n), entry + i, n);
          });
        }
      });
  reference::embed_back<S>(rows, width, ids, dy, dtable, padding);
}

template <class S, Workers W>
constexpr void embed_back(index_type rows, index_type width, const std::int32_t* ids, rows_view<const S> dy, S* dtable,
                          const W& workers) {
  embed_back<S>(rows, width, ids, dy, dtable, -1, workers);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
