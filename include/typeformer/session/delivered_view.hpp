// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/contract/tokens_and_sequences.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer::detail {

/// The caller's view of a model's output: the logits of its tokens, of its sequences, or both.
template <class Result> struct delivered {
  using type = rows_view<const float>;
};
template <class Tokens, class Sequences> struct delivered<tokens_and_sequences<Tokens, Sequences>> {
  using type = tokens_and_sequences<rows_view<const float>, rows_view<const float>>;
};

constexpr rows_view<const float> delivered_view(rows_view<const float> rows) { return rows; }
template <class Tokens, class Sequences>
constexpr tokens_and_sequences<rows_view<const float>, rows_view<const float>> delivered_view(
    const tokens_and_sequences<Tokens, Sequences>& y) {
  return {y.tokens, y.sequences};
}

}  // namespace typeformer::detail
