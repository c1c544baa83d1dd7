// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <span>

#include <typeformer/shape/own_table.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer {

/// Which rows of a call belong to which sequence. Operations see it beside their arguments.
///
/// Rows are packed: sequence `s` owns rows [first_row[s], first_row[s + 1]). A sequence's cached tokens come before its
/// new ones: row `first_row[s] + i` has key position `past[s] + i`.
struct batch_rows {
  index_type sequences = 0;
  index_type rows = 0;
  const index_type* first_row = nullptr;  ///< [sequences + 1]
  const index_type* past = nullptr;       ///< [sequences], tokens before these; null: none
  const index_type* kept_from = nullptr;  ///< [sequences], where a sliding cache has the cached ones, or with attention
                                          ///< sinks, how many of the oldest after these are dropped; null: 0
  const index_type* kept_at = nullptr;    ///< [sequences], where to move them, before the new ones; null: 0
  const std::uint8_t* key_valid = nullptr;  ///< [sequences][key_stride], 0 hides a key from every query; null: all seen
  index_type key_stride = 0;
  const index_type* prefixes = nullptr;        ///< [sequences], how many first tokens all see one another; null: 0
  const index_type* source_lengths = nullptr;  ///< [sequences], cached tokens of the source; null: those of the source
  const std::uint8_t* source_valid = nullptr;  ///< [sequences][source_stride], 0 hides one; null: those of the source
  index_type source_stride = 0;

  constexpr index_type past_of(index_type sequence) const { return past ? past[sequence] : 0; }
  constexpr index_type kept_from_of(index_type sequence) const { return kept_from ? kept_from[sequence] : 0; }
  constexpr index_type kept_at_of(index_type sequence) const { return kept_at ? kept_at[sequence] : 0; }
  constexpr index_type rows_of(index_type sequence) const { return first_row[sequence + 1] - first_row[sequence]; }
  /// The validity flags of a sequence, one per row; null: all rows are valid.
  constexpr const std::uint8_t* valid_of(index_type sequence) const {
    return key_valid ? key_valid + sequence * key_stride : nullptr;
  }

  /// Tokens before these that a memory of `memory` tokens still holds.
  constexpr index_type cached_of(index_type sequence, index_type memory) const {
    const index_type before = past_of(sequence);
    return before < memory ? before : memory;
  }
  /// The first row of a sequence when each sequence has its earlier tokens before its new ones (`axis::recalled`).
  constexpr index_type first_recalled_row(index_type sequence, index_type memory) const {
    index_type row = first_row[sequence];
    for (index_type s = 0; s < sequence; ++s) row += cached_of(s, memory);
    return row;
  }
};

/// The run-time side of a call: its rows, and the inputs and targets that walks read as `c.input<…>()`.
struct token_batch : batch_rows {
  const std::int32_t* ids = nullptr;              ///< [rows]
  const std::int32_t* positions = nullptr;        ///< [rows], what positional encodings see
  const std::int32_t* segments = nullptr;         ///< [rows], segment (token type) of a token; null: all 0
  const std::int32_t* labels = nullptr;           ///< [rows], targets of an objective that predicts tokens; -100: none
  const std::int32_t* sequence_labels = nullptr;  ///< [sequences], targets of one that classifies sequences; -100: none
  const std::int32_t* answer_spans = nullptr;     ///< [sequences][first, last], tokens of the sequence; -100: none
  const float* features = nullptr;  ///< [feature_rows][channels], real-valued input of each token but class tokens
  const float* images = nullptr;    ///< [sequences][image_values], as the first layer orders them
  const float* targets = nullptr;   ///< [rows][outputs], real targets of tokens; NaN in the first: none
  const float* sequence_targets = nullptr;  ///< [sequences][sequence_outputs], of sequences; NaN in the first: none
  index_type feature_rows = 0, channels = 0, image_values = 0, outputs = 0, sequence_outputs = 0;
  std::span<const own_table> own{};                ///< inputs of the user's own; see `own_numbers` and `own_ids`
  const token_batch* source = nullptr;             ///< what an encoder reads for these sequences; null: nothing new
  std::uint64_t random_seed = 0, random_step = 0;  ///< what dropout draws from
  double loss_scale = 1;                           ///< factor of every row's loss: 1 / labeled rows for the mean
  double sequence_loss_scale = 1;         ///< factor of every sequence's loss: 1 / labeled sequences for the mean
  double answer_loss_scale = 1;           ///< factor of every answer's loss: 1 / sequences with an answer for the mean
  double target_loss_scale = 1;           ///< the same of real targets of tokens
  double sequence_target_loss_scale = 1;  ///< and of sequences
};

}  // namespace typeformer
