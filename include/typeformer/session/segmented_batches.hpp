// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/contract/model.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/session/padded_tokens.hpp>
#include <typeformer/shape/shape.hpp>
#include <typeformer/shape/token_batch.hpp>

namespace typeformer::detail {

/// Checks texts for a forward pass of `M` and writes them into the tables of its batch.
template <class M, capacities Reserved, class Tables> class segmented_batch {
 public:
  constexpr explicit segmented_batch(Tables& tables) : tables_{tables} {}

  /// Ragged sequences.
  template <class Sequence> constexpr result<token_batch, inference_error> of(std::span<const Sequence> sequences) {
    if (index_type(sequences.size()) > Reserved.batch)
      return rejected(inference_error::problem::too_many_sequences, 0, sequences.size(), Reserved.batch);
    tables_.clear();
    for (std::size_t s = 0; s < sequences.size(); ++s) {
      const segmented_tokens tokens = with_segments(sequences[s]);
      if (const auto checked = check(index_type(s), tokens); !checked) return failure{checked.error()};
      tables_.start_sequence(0);
      for (std::size_t i = 0; i < tokens.ids.size(); ++i)
        tables_.add(tokens.ids[i], index_type(i), segment_of(tokens, i));
    }
    return tables_.view();
  }

  /// Padded sequences. The batch refers to their flags.
  constexpr result<token_batch, inference_error> of(const padded_tokens& padded) {
    using problem = inference_error::problem;
    const auto counted = sequences_of(padded);
    if (!counted) return failure{counted.error()};
    const index_type sequences = *counted;
    if (sequences > Reserved.batch) return rejected(problem::too_many_sequences, 0, sequences, Reserved.batch);
    tables_.clear();
    for (index_type s = 0; s < sequences; ++s) {
      const std::size_t first = std::size_t(s * padded.length), count = std::size_t(padded.length);
      const segmented_tokens tokens{padded.ids.subspan(first, count),
                                    padded.segments.empty() ? padded.segments : padded.segments.subspan(first, count)};
      if (const auto checked = check(s, tokens); !checked) return failure{checked.error()};
      tables_.start_sequence(0);
      index_type position = 0;
      for (std::size_t i = 0; i < count; ++i) {
        const index_type at = padded.positions.empty() ? position : index_type(padded.positions[first + i]);
        if (at < lowest_position || at >= M::context)
          return rejected(problem::position_outside_context, s, at, M::context, index_type(i));
        tables_.add(tokens.ids[i], at, segment_of(tokens, i));
        position += padded.positions_count_padding || padded.valid[first + i] != 0;
      }
    }
    token_batch batch = tables_.view();
    batch.key_valid = padded.valid.data();
    batch.key_stride = padded.length;
    return batch;
  }

 private:
  static constexpr index_type lowest_position = [] {
    if constexpr (requires { M::lowest_position; }) return M::lowest_position;
    else return index_type{0};
  }();
  static constexpr index_type segments = [] {
    if constexpr (tells_segments_apart<M>) return M::segments;
    else return index_type{1};
  }();

  static constexpr segmented_tokens with_segments(std::span<const std::int32_t> ids) { return {ids}; }
  static constexpr const segmented_tokens& with_segments(const segmented_tokens& tokens) { return tokens; }
  static constexpr std::int32_t segment_of(const segmented_tokens& tokens, std::size_t i) {
    return tokens.segments.empty() ? 0 : tokens.segments[i];
  }

  constexpr result<void, inference_error> check(index_type sequence, const segmented_tokens& tokens) const {
    using problem = inference_error::problem;
    const auto& [ids, segments_of] = tokens;
    if (ids.empty()) return rejected(problem::no_tokens, sequence, 0, 1);
    if (index_type(ids.size()) > Reserved.tokens)
      return rejected(problem::too_many_tokens, sequence, ids.size(), Reserved.tokens);
    if (const auto known = check_ids(sequence, ids, M::vocabulary); !known) return known;
    if (!segments_of.empty() && segments_of.size() != ids.size())
      return rejected(problem::wrong_size, sequence, segments_of.size(), index_type(ids.size()));
    for (std::size_t i = 0; i < segments_of.size(); ++i)
      if (const std::int32_t segment = segments_of[i]; segment < 0 || segment >= segments)
        return rejected(problem::segment_outside_table, sequence, segment, segments, index_type(i));
    return {};
  }

  Tables& tables_;
};

}  // namespace typeformer::detail
