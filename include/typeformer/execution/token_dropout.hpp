// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/execution/call.hpp>
#include <typeformer/layers/token_dropout.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

template <index_type Width, index_type MaskToken, class W, class S>
constexpr void execute(token_dropout_operation<Width, MaskToken>, const call<W>& c, block_view<const S> x,
                       block_view<const std::int32_t> ids, block_view<S> y) {
  constexpr double share_in_training = 0.15 * 0.8;
  const batch_rows& batch = c.batch_of(x.rows_are);
  for (index_type s = 0; s < batch.sequences; ++s) {
    const std::uint8_t* const valid = batch.valid_of(s);
    const index_type first = batch.first_row[s], rows = batch.rows_of(s);
    index_type count = 0, masked = 0;
    for (index_type i = 0; i < rows; ++i) {
      const bool counts = !valid || valid[i];
      count += counts;
      masked += counts && *ids[first + i] == MaskToken;
    }
    const double kept = count > 0 ? 1 - double(masked) / double(count) : 1;
    const S factor = kept > 0 ? S((1 - share_in_training) / kept) : S{0};
    for (index_type row = first; row < first + rows; ++row)
      for (index_type k = 0; k < Width; ++k) y[row][k] = *ids[row] == MaskToken ? S{0} : factor * x[row][k];
  }
}

}  // namespace typeformer
