// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <span>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/result.hpp>

namespace typeformer {

/// Tokens of several sequences in one rectangle [sequences][length], in which only the valid ones count: left padding,
/// right padding and holes. `ids` and `valid` have sequences · length elements.
struct padded_tokens {
  std::span<const std::int32_t> ids;
  std::span<const std::uint8_t> valid;
  index_type length = 0;
  /// Positions count all tokens, also those that are not valid, as in Hugging Face's models if no positions are given.
  bool positions_count_padding = false;
  std::span<const std::int32_t> segments{};   ///< one per token; empty: all 0
  std::span<const std::int32_t> positions{};  ///< one per token; empty: counted
};

/// The number of sequences of a rectangle.
///
/// Errors: ids that are not whole rows; not as many flags, segments or positions as ids.
constexpr result<index_type, inference_error> sequences_of(const padded_tokens& padded) {
  using problem = inference_error::problem;
  const std::size_t size = padded.ids.size();
  if (padded.length < 0 || (padded.length == 0 ? size != 0 : index_type(size) % padded.length != 0))
    return rejected(problem::unequal_rows, 0, size, padded.length);
  for (const std::size_t other : {padded.valid.size(), padded.segments.empty() ? size : padded.segments.size(),
                                  padded.positions.empty() ? size : padded.positions.size()})
    if (other != size) return rejected(problem::wrong_size, 0, other, index_type(size));
  return padded.length == 0 ? 0 : index_type(size) / padded.length;
}

/// Error: segments or positions, in either form, if only ids and flags are read.
constexpr result<void, inference_error> check_read_by_place(const padded_tokens& padded) {
  using problem = inference_error::problem;
  if (!padded.segments.empty()) return rejected(problem::input_is_not_read, 0, padded.segments.size(), 0);
  if (!padded.positions.empty()) return rejected(problem::input_is_not_read, 0, padded.positions.size(), 0);
  return {};
}

/// One text of an encoder: its tokens, and the segment of each (empty: all 0).
struct segmented_tokens {
  std::span<const std::int32_t> ids;
  std::span<const std::int32_t> segments{};
};

}  // namespace typeformer
