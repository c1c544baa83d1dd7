// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/execution/embedding.hpp>
#include <typeformer/execution/language_model_head.hpp>
#include <typeformer/execution/linear.hpp>
#include <typeformer/kernels/linear_stored.hpp>
#include <typeformer/shape/stored_view.hpp>

/// What runs operations on matrices and tables whose rows stay in a file.
namespace typeformer {

template <index_type Inputs, index_type Outputs, class W>
void execute(linear_operation<Inputs, Outputs>, const call<W>& c, block_view<const float> x, stored_view weight,
             const float* bias, block_view<float> y) {
  kernels::linear_stored(x.rows, x, weight, bias, y, c.workers);
}
template <index_type Width, index_type Classes, class W>
void execute(head_operation<Width, Classes>, const call<W>& c, block_view<const float> h, stored_view weight,
             const float* bias, block_view<float> logits) {
  kernels::linear_stored(h.rows, h, weight, bias, logits, c.workers);
}
template <index_type Vocabulary, index_type Width, class W>
void execute(token_embedding_operation<Vocabulary, Width>, const call<W>&, block_view<const std::int32_t> ids,
             stored_view table, block_view<float> y) {
  for (index_type row = 0; row < y.rows; ++row)
    for (index_type i = 0; i < Width; ++i) y[row][i] = table(*ids[row], i);
}
template <index_type FirstRow, index_type Width, class W>
void execute(learned_positions_operation<FirstRow, Width>, const call<W>&, block_view<const float> x,
             block_view<const std::int32_t> positions, stored_view table, block_view<float> y) {
  for (index_type row = 0; row < y.rows; ++row)
    for (index_type i = 0; i < Width; ++i) y[row][i] = x[row][i] + table(FirstRow + *positions[row], i);
}

}  // namespace typeformer
