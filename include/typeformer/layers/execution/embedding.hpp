// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/kernels/embedding.hpp>
#include <typeformer/kernels/embedding_back.hpp>
#include <typeformer/layers/learned_positions.hpp>
#include <typeformer/layers/token_embedding.hpp>
#include <typeformer/contract/call.hpp>

namespace typeformer {

template <index Vocabulary, index Width, class W, class S>
constexpr void execute(token_embedding_operation<Vocabulary, Width>, const call<W>& c, row_major_view<const S> table,
                       block_view<S> y) {
  kernels::embed<S>(y.rows, Width, c.batch.ids, table.data, y, c.workers);
}
template <index Vocabulary, index Width, class W, class S>
constexpr void execute(token_embedding_back_operation<Vocabulary, Width>, const call<W>& c, block_view<const S> dy,
                       row_major_view<S> dtable) {
  kernels::embed_back<S>(dy.rows, Width, c.batch.ids, dy, dtable.data, c.workers);
}

template <index Positions, index Width, class W, class S>
constexpr void execute(learned_positions_operation<Positions, Width>, const call<W>& c, block_view<const S> x,
                       row_major_view<const S> table, block_view<S> y) {
  if (x.data != y.data)
    for (index i = 0; i < x.rows * Width; ++i) y.data[i] = x.data[i];
  kernels::embed_add<S>(y.rows, Width, c.batch.positions, table.data, y, c.workers);
}
template <index Positions, index Width, class W, class S>
constexpr void execute(learned_positions_back_operation<Positions, Width>, const call<W>& c, block_view<const S> dy,
                       row_major_view<S> dtable) {
  kernels::embed_back<S>(dy.rows, Width, c.batch.positions, dy, dtable.data, c.workers);
}

}  // namespace typeformer
