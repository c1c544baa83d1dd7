// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/execution/call.hpp>
#include <typeformer/layers/zero_hidden_rows.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

template <index_type Width, class W, class S>
constexpr void execute(zero_hidden_rows_operation<Width>, const call<W>& c, block_view<const S> x, block_view<S> y) {
  const batch_rows& batch = c.batch_of(x.rows_are);
  for (index_type s = 0; s < batch.sequences; ++s) {
    const std::uint8_t* const valid = batch.valid_of(s);
    for (index_type i = 0; i < batch.rows_of(s); ++i) {
      const index_type row = batch.first_row[s] + i;
      for (index_type k = 0; k < Width; ++k) y[row][k] = valid && !valid[i] ? S{0} : x[row][k];
    }
  }
}

}  // namespace typeformer
