// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/options.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/reference/relative_attention_call.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer {

/// The static numbers of an attention with relative positions: [queries
///
/// keys
///
/// values] are side by side in one row.
template <index_type Heads, index_type HeadWidth, number Scale, number Theta, class Mask>
struct relative_attention_numbers {
  static constexpr index_type heads = Heads, head_width = HeadWidth, width = Heads * HeadWidth, row_width = 3 * width;
  static constexpr double scale = Scale.value, theta = Theta.value;
  static constexpr bool looks_ahead = std::is_same_v<Mask, bidirectional>;

  /// The number of distances between a query and a key that it sees, in a sequence of this many new tokens after cached
  /// ones.
  static constexpr std::int64_t distances(std::int64_t tokens, std::int64_t past) {
    return past + tokens + (looks_ahead && tokens > 0 ? tokens - 1 : 0);
  }
  /// Both kinds of scores, and weighted sums over the keys that the mask allows, recalled ones included.
  static constexpr std::int64_t flops(std::int64_t sequences, std::int64_t tokens, std::int64_t recalled) {
    const std::int64_t pairs = looks_ahead ? tokens * tokens : tokens * (tokens + 1) / 2;
    return 6 * sequences * (pairs + tokens * recalled) * width;
  }
};

/// Sinusoids of all distances in the longest sequence. The first is that of the key farthest ahead.
template <class Numbers, index_type Width, axis RowsAre> struct distance_sinusoids_operation {
  static constexpr std::int64_t flops(std::int64_t, std::int64_t tokens, std::int64_t recalled) {
    return Numbers::distances(tokens, recalled) * Width;
  }
};
/// Sinusoids of each token's distance to the first token of its sequence.
template <class Numbers, index_type Width> struct token_sinusoids_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * Width; }
};
template <class Numbers, index_type Width, axis RowsAre> struct project_distances_operation {
  static constexpr std::int64_t flops(std::int64_t, std::int64_t tokens, std::int64_t recalled) {
    return 2 * Numbers::distances(tokens, recalled) * Width * Numbers::width;
  }
};
template <class Numbers, index_type Width, axis RowsAre>
struct project_distances_back_operation : project_distances_operation<Numbers, Width, RowsAre> {};
template <class Numbers> struct cache_relative_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};
template <class Numbers> struct relative_attention_operation : Numbers {};
template <class Numbers> struct cached_relative_attention_operation : Numbers {};
template <class Numbers> struct relative_attention_probabilities_operation : Numbers {};
template <class Numbers> struct relative_attention_back_operation {
  static constexpr std::int64_t flops(std::int64_t sequences, std::int64_t tokens, std::int64_t recalled) {
    return 8 * Numbers::flops(sequences, tokens, recalled) / 3;
  }
};

namespace detail {

/// Scratch of the kernels for sequences of this kind.
template <class Numbers> constexpr index_type relative_scratch(const capacities& reserved, axis rows_are) {
  const index_type tokens = reserved.tokens_of(rows_are), context = rows_are == axis::source ? 0 : reserved.context;
  return relative_attention_scratch(Numbers::heads, Numbers::head_width, context > tokens ? context : tokens,
                                    Numbers::looks_ahead);
}

/// Rows of projected distances that such sequences need. Cached tokens are included if all distances are projected in
/// each call.
template <class Numbers> constexpr index_type reserved_distances(const capacities& reserved, axis rows_are) {
  const index_type all = reserved.tokens_of(rows_are), recalled = rows_are == axis::recalled ? reserved.memory : 0;
  const bool caches = Numbers::looks_ahead && rows_are == axis::token && reserved.context > all;
  return index_type(Numbers::distances(all - recalled, caches ? reserved.context - all : recalled));
}

}  // namespace detail

}  // namespace typeformer
