// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/execution/call.hpp>
#include <typeformer/kernels/embedding.hpp>
#include <typeformer/kernels/embedding_back.hpp>
#include <typeformer/layers/learned_positions.hpp>
#include <typeformer/layers/segment_embedding.hpp>
#include <typeformer/layers/sinusoidal_positions.hpp>
#include <typeformer/layers/token_embedding.hpp>
#include <typeformer/reference/sinusoidal.hpp>
#include <typeformer/shape/block_view.hpp>
#include <typeformer/shape/narrow_view.hpp>

namespace typeformer {

template <index_type Vocabulary, index_type Width, class W, class S>
constexpr void execute(token_embedding_operation<Vocabulary, Width>, const call<W>& c,
                       block_view<const std::int32_t> ids, row_major_view<const S> table, block_view<S> y) {
  kernels::embed<S>(y.rows, Width, ids.data, table.data, y, c.workers);
}
template <index_type Vocabulary, index_type Width, class W, class S, class Format>
void execute(token_embedding_operation<Vocabulary, Width>, const call<W>&, block_view<const std::int32_t> ids,
             narrow_view<Format> table, block_view<S> y) {
  for (index_type row = 0; row < y.rows; ++row)
    for (index_type i = 0; i < Width; ++i) y[row][i] = table(*ids[row], i);
}
template <index_type Vocabulary, index_type Width, index_type Padding, class W, class S>
constexpr void execute(token_embedding_back_operation<Vocabulary, Width, Padding>, const call<W>& c,
                       block_view<const S> dy, block_view<const std::int32_t> ids, row_major_view<S> dtable) {
  kernels::embed_back<S>(dy.rows, Width, ids.data, dy, dtable.data, std::int32_t(Padding), c.workers);
}

template <index_type FirstRow, index_type Width, class W, class S>
constexpr void execute(learned_positions_operation<FirstRow, Width>, const call<W>& c, block_view<const S> x,
                       block_view<const std::int32_t> positions, row_major_view<const S> table, block_view<S> y) {
  if (x.data != y.data)
    for (index_type i = 0; i < x.rows * Width; ++i) y.data[i] = x.data[i];
  kernels::embed_add<S>(y.rows, Width, positions.data, table.data + FirstRow * Width, y, c.workers);
}
template <index_type FirstRow, index_type Width, class W, class S, class Format>
void execute(learned_positions_operation<FirstRow, Width>, const call<W>&, block_view<const S> x,
             block_view<const std::int32_t> positions, narrow_view<Format> table, block_view<S> y) {
  for (index_type row = 0; row < y.rows; ++row)
    for (index_type i = 0; i < Width; ++i) y[row][i] = x[row][i] + table(FirstRow + *positions[row], i);
}
template <index_type FirstRow, index_type Width, class W, class S>
constexpr void execute(learned_positions_back_operation<FirstRow, Width>, const call<W>& c, block_view<const S> dy,
                       block_view<const std::int32_t> positions, row_major_view<S> dtable) {
  kernels::embed_back<S>(dy.rows, Width, positions.data, dy, dtable.data + FirstRow * Width, c.workers);
}

template <index_type FirstRow, index_type Width, index_type Period, class W, class S>
constexpr void execute(repeated_positions_operation<FirstRow, Width, Period>, const call<W>&, block_view<const S> x,
                       block_view<const std::int32_t> positions, row_major_view<const S> table, block_view<S> y) {
  for (index_type row = 0; row < x.rows; ++row)
    for (index_type i = 0; i < Width; ++i) y[row][i] = x[row][i] + table(FirstRow + *positions[row] % Period, i);
}
template <index_type FirstRow, index_type Width, index_type Period, class W, class S>
constexpr void execute(repeated_positions_back_operation<FirstRow, Width, Period>, const call<W>&,
                       block_view<const S> dy, block_view<const std::int32_t> positions, row_major_view<S> dtable) {
  for (index_type row = 0; row < dy.rows; ++row)
    for (index_type i = 0; i < Width && *positions[row] >= 0; ++i)
      dtable(FirstRow + *positions[row] % Period, i) += dy[row][i];
}

template <index_type Width, number Theta, bool InHalves, class W, class S>
constexpr void execute(sinusoidal_positions_operation<Width, Theta, InHalves>, const call<W>&, block_view<const S> x,
                       block_view<const std::int32_t> positions, block_view<S> y) {
  reference::add_sinusoids<S>(x.rows, Width, positions.data, Theta.value, x, y, InHalves);
}

template <index_type Segments, index_type Width, class W, class S>
constexpr void execute(segment_embedding_operation<Segments, Width>, const call<W>&, block_view<const S> x,
                       block_view<const std::int32_t> segments, row_major_view<const S> table, block_view<S> y) {
  for (index_type row = 0; row < x.rows; ++row) {
    const S* const segment = table.data + (segments ? *segments[row] : 0) * Width;
    for (index_type i = 0; i < Width; ++i) y[row][i] = x[row][i] + segment[i];
  }
}
template <index_type Segments, index_type Width, class W, class S>
constexpr void execute(segment_embedding_back_operation<Segments, Width>, const call<W>& c, block_view<const S> dy,
                       block_view<const std::int32_t> segments, row_major_view<S> dtable) {
  if (segments) return kernels::embed_back<S>(dy.rows, Width, segments.data, dy, dtable.data, c.workers);
  for (index_type row = 0; row < dy.rows; ++row)
    for (index_type i = 0; i < Width; ++i) dtable.data[i] += dy[row][i];
}

}  // namespace typeformer
