// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/call.hpp>
#include <typeformer/objectives/token_cross_entropy.hpp>
#include <typeformer/reference/cross_entropy.hpp>
#include <typeformer/reference/linear.hpp>

namespace typeformer {

template <index Width, index Classes, index ChunkRows, number Smoothing, class W, class S, class Weight>
constexpr void execute(head_cross_entropy_operation<Width, Classes, ChunkRows, Smoothing>, const call<W>& c,
                       block_view<const S> h, Weight weight, block_view<S> scores, block_view<S>, block_view<S> loss) {
  const std::int32_t* labels = c.batch.labels;
  *loss.data = S{0};
  for (index row = 0; row < h.rows; ++row) {
    S one{0};
    reference::linear<S>(1, h.from(row), weight, static_cast<const S*>(nullptr), rows_view<S>{scores.data, Classes});
    reference::cross_entropy<S>(1, Classes, rows_view<const S>{scores.data, Classes}, labels + row, no_label,
                                S(Smoothing.value), &one);
    *loss.data += one * S(c.batch.loss_scale);
  }
}

template <index Width, index Classes, index ChunkRows, number Smoothing, class W, class S, class Weight>
constexpr void execute(head_cross_entropy_gradient_operation<Width, Classes, ChunkRows, Smoothing>, const call<W>& c,
                       block_view<const S> h, Weight weight, block_view<S> scores, block_view<S>, block_view<S> loss,
                       block_view<S> dh, row_major_view<S> dweight) {
  const std::int32_t* labels = c.batch.labels;
  *loss.data = S{0};
  for (index row = 0; row < h.rows; ++row) {
    const rows_view<S> logits{scores.data, Classes};
    S one{0}, scale = S(c.batch.loss_scale);
    reference::linear<S>(1, h.from(row), weight, static_cast<const S*>(nullptr), logits);
    reference::cross_entropy<S>(1, Classes, rows_view<const S>(logits), labels + row, no_label, S(Smoothing.value), &one);
    *loss.data += one * scale;
    reference::cross_entropy_back<S>(1, Classes, rows_view<const S>(logits), labels + row, no_label, S(Smoothing.value),
                                     &scale, logits);
    reference::linear_back<S>(1, h.from(row), weight, rows_view<const S>(logits), dh.from(row), dweight, static_cast<S*>(nullptr));
  }
}

}  // namespace typeformer
