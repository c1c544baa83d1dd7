// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>

namespace typeformer {

/// What a row of a tensor belongs to. It determines how many rows are reserved.
enum class axis {
  token,          ///< one row per token of this call, packed: batch * tokens
  token_block,    ///< one row per `key_block` tokens of a sequence: batch * ceil(tokens / key_block)
  recalled,       ///< one row per token, those of earlier segments before the new ones: batch * (memory + tokens)
  sequence,       ///< one row per sequence: batch
  position,       ///< one row per position of the longest sequence: tokens
  context,        ///< one row per cached token: batch * context
  context_block,  ///< one row per `key_block` cached tokens: batch * ceil(context / key_block)
  source,         ///< one row per token that an encoder reads for a decoder: batch * source
  source_block,   ///< one row per `key_block` of those tokens: batch * ceil(source / key_block)
  once            ///< a single row
};

/// The number of keys that lie side by side in a panel of the key cache. It is the same on every target, so that sizes
/// are too.
inline constexpr index_type key_block = 16;

/// The rows of key panels for rows of tokens.
constexpr axis blocks_of(axis rows_are) { return rows_are == axis::source ? axis::source_block : axis::token_block; }

constexpr index_type blocks_of(index_type keys) { return (keys + key_block - 1) / key_block; }

/// A tensor's static shape: [rows of `Axis`][`Width`].
template <axis Axis, index_type Width> struct rows {
  static constexpr axis rows_are = Axis;
  static constexpr index_type width = Width;
};

template <index_type Width> using token_rows = rows<axis::token, Width>;
template <index_type Width> using sequence_rows = rows<axis::sequence, Width>;

/// A shape whose rows are tokens, of the target or of the source. Tokens have positions, segments and neighbors.
template <class S>
concept TokenRows = S::rows_are == axis::token || S::rows_are == axis::source;

/// How many rows are reserved. The counts of a call are run-time numbers up to these.
struct capacities {
  index_type batch = 1;    ///< sequences
  index_type tokens = 1;   ///< new tokens per sequence and call
  index_type context = 0;  ///< cached tokens per sequence
  index_type source = 0;   ///< tokens per sequence that the encoder reads
  index_type memory = 0;   ///< tokens per sequence of earlier segments that attention still sees
  index_type sinks = -1;   ///< first cached tokens that stay when the oldest are dropped; -1: none is dropped

  /// Tokens per sequence of this kind.
  constexpr index_type tokens_of(axis rows_are) const {
    return rows_are == axis::source ? source : rows_are == axis::recalled ? memory + tokens : tokens;
  }
};

/// Whether cached tokens are dropped for new ones, so that a text can be longer than the context.
constexpr bool drops_the_oldest(const capacities& reserved) { return reserved.memory > 0 || reserved.sinks >= 0; }

/// Whether each sequence has its own rows, all the same number, at the same place in every call.
constexpr bool belongs_to_sequences(axis rows_are) {
  switch (rows_are) {
    case axis::sequence:
    case axis::context:
    case axis::context_block:
    case axis::source:
    case axis::source_block: return true;
    default: return false;
  }
}

constexpr index_type row_capacity(axis rows_are, const capacities& reserved) {
  switch (rows_are) {
    case axis::token: return reserved.batch * reserved.tokens;
    case axis::token_block: return reserved.batch * blocks_of(reserved.tokens);
    case axis::recalled: return reserved.batch * (reserved.memory + reserved.tokens);
    case axis::sequence: return reserved.batch;
    case axis::position: return reserved.tokens;
    case axis::context: return reserved.batch * reserved.context;
    case axis::context_block: return reserved.batch * blocks_of(reserved.context);
    case axis::source: return reserved.batch * reserved.source;
    case axis::source_block: return reserved.batch * blocks_of(reserved.source);
    case axis::once: return 1;
  }
  return 0;
}

/// Elements reserved for a tensor of this shape.
template <class Shape> constexpr index_type extent(const capacities& reserved) {
  return row_capacity(Shape::rows_are, reserved) * Shape::width;
}

}  // namespace typeformer
