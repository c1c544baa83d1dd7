// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/shape/token_batch.hpp>

namespace typeformer {

/// Calls f(row, the valid row before it, the valid row after it) for every row of a batch, sequence by sequence; -1:
/// there is none. A row that is not valid has no neighbors.
template <class F> constexpr void for_each_row_with_neighbors(const batch_rows& batch, F&& f) {
  for (index_type s = 0; s < batch.sequences; ++s) {
    const std::uint8_t* const valid = batch.valid_of(s);
    const index_type first = batch.first_row[s], rows = batch.rows_of(s);
    index_type before = -1;
    for (index_type i = 0; i < rows; ++i) {
      if (valid && !valid[i]) {
        f(first + i, index_type{-1}, index_type{-1});
        continue;
      }
      index_type after = i + 1;
      while (after < rows && valid && !valid[after]) ++after;
      f(first + i, before, after < rows ? first + after : index_type{-1});
      before = first + i;
    }
  }
}

}  // namespace typeformer
