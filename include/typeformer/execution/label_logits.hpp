// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/execution/call.hpp>
#include <typeformer/execution/objective_operations.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

template <index_type Classes, class W, class S>
constexpr void execute(label_logits_operation<Classes>, const call<W>&, block_view<const S> y,
                       block_view<const std::int32_t> labels, block_view<const double> scale, block_view<S> found) {
  found.data[0] = found.data[1] = S{0};
  for (index_type row = 0; row < y.rows; ++row)
    if (labels && *labels[row] >= 0) found.data[0] += S(*scale.data) * y[row][*labels[row]];
}

template <index_type Classes, class W, class S>
constexpr void execute(label_logits_gradient_operation<Classes>, const call<W>&, block_view<const S> y,
                       block_view<const std::int32_t> labels, block_view<const double> scale, block_view<S> found,
                       block_view<S> dy) {
  found.data[0] = S{0};
  for (index_type row = 0; row < y.rows; ++row) {
    const std::int32_t label = labels ? *labels[row] : -1;
    if (label >= 0) found.data[0] += S(*scale.data) * y[row][label];
    for (index_type i = 0; i < Classes; ++i)  // dy may have the same memory as y
      dy[row][i] = i == label ? S(*scale.data) : S{0};
  }
}

}  // namespace typeformer
