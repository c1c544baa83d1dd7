// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/kernels/linear.hpp>
#include <typeformer/layers/language_model_head.hpp>
#include <typeformer/reference/linear.hpp>
#include <typeformer/contract/call.hpp>

namespace typeformer {

template <index Width, class W, class S>
constexpr void execute(select_last_rows_operation<Width>, const call<W>& c, block_view<const S> x, block_view<S> y) {
  for (index s = 0; s < c.batch.sequences; ++s) {
    const index last = c.batch.first_row[s + 1] - 1;
    for (index i = 0; i < Width; ++i) y[s][i] = last >= c.batch.first_row[s] ? x[last][i] : S{0};
  }
}

template <index Width, index Vocabulary, class W, class S>
constexpr void execute(tied_head_operation<Width, Vocabulary>, const call<W>& c, block_view<const S> h,
                       row_major_view<const S> table, block_view<S> logits) {
  kernels::linear<S>(h.rows, h, table, static_cast<const S*>(nullptr), logits, c.workers);
}
template <index Width, index Vocabulary, class W, class S>
constexpr void execute(tied_head_back_operation<Width, Vocabulary>, const call<W>&, block_view<const S> h,
                       row_major_view<const S> table, block_view<const S> dlogits, block_view<S> dh,
                       row_major_view<S> dtable) {
  reference::linear_back<S>(h.rows, h, table, dlogits, dh, dtable, static_cast<S*>(nullptr));
}

}  // namespace typeformer
