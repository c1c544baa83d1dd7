// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/execution/call.hpp>
#include <typeformer/kernels/linear.hpp>
#include <typeformer/layers/language_model_head.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

template <index_type Width, class W, class S>
constexpr void execute(select_last_rows_operation<Width>, const call<W>& c, block_view<const S> x, block_view<S> y) {
  for (index_type s = 0; s < c.batch.sequences; ++s) {
    const index_type last = c.batch.first_row[s + 1] - 1;
    for (index_type i = 0; i < Width; ++i) y[s][i] = last >= c.batch.first_row[s] ? x[last][i] : S{0};
  }
}

template <index_type Width, index_type Classes, class W, class S, class Weight>
constexpr void execute(head_operation<Width, Classes>, const call<W>& c, block_view<const S> h, Weight weight,
                       const S* bias, block_view<S> logits) {
  kernels::linear<S>(h.rows, h, weight, bias, logits, c.workers);
}

}  // namespace typeformer
