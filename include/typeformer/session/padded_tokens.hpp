// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <span>

#include <typeformer/foundation/config.hpp>

namespace typeformer {

/// Tokens of several sequences in one rectangle [sequences][length] of which only the valid ones exist: left padding,
/// right padding and holes. `ids` and `valid` have sequences · length elements.
struct padded_tokens {
  std::span<const std::int32_t> ids;
  std::span<const std::uint8_t> valid;
  index length = 0;
  /// Positions count all tokens, also those that are not valid, as Hugging Face's models do when they are given none.
  bool positions_count_padding = false;
  std::span<const std::int32_t> segments{};   ///< of each token; empty: all 0
  std::span<const std::int32_t> positions{};  ///< of each token; empty: counted
};

/// One text of an encoder: its tokens, and which segment each belongs to (empty: all 0).
struct segmented_tokens {
  std::span<const std::int32_t> ids;
  std::span<const std::int32_t> segments{};
};

}  // namespace typeformer
