// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/error_text.hpp>
#include <typeformer/foundation/result.hpp>

namespace typeformer {

/// Why a call of a session was rejected. Nothing was computed, and no state has changed.
struct inference_error {
  enum class problem {
    no_memory,  ///< the arena could not be allocated, or the weights were moved from
    no_tokens,  ///< a sequence without new tokens
    too_many_sequences,
    context_is_full,        ///< `got` tokens would have to be cached, `limit` fit
    too_many_tokens,        ///< `got` tokens in one call, `limit` fit
    id_outside_vocabulary,  ///< id `got`; the vocabulary has `limit` ids
    position_outside_context,
    segment_outside_table,          ///< segment `got`; the table has `limit` segments
    source_is_missing,              ///< the encoder of an encoder-decoder has not read a source for the sequence
    unequal_sources,                ///< `got` sources for `limit` targets
    wrong_size,                     ///< `got` elements, but `limit` ids
    values_do_not_fill_rows,        ///< `got` numbers; a whole row or image has `limit`
    unequal_rows,                   ///< `got` ids in rows of `limit`
    prompt_needs_a_fresh_sequence,  ///< a padded batch can only start at position 0
    sequence_outside_batch,         ///< sequence `got`; the batch has `limit`
    negative_length,                ///< `got`
    no_logits,                      ///< the last call had no token of the sequence, or there was no call
    token_without_logits,           ///< token `got`; `limit` tokens of the sequence have logits
    input_is_not_read,              ///< segments or positions that the model does not read
    input_is_missing,               ///< an input of the user's own that the model reads was not given
    input_has_other_rows,           ///< `got` elements of an input of the user's own, `limit` are needed
    input_id_outside_table,         ///< id `got` of an input of the user's own; there are `limit`
    workspace_is_too_small,         ///< `got` elements, `limit` are needed
    max_tokens_is_negative,         ///< `got` tokens are to be generated
    drafts_are_negative,            ///< `got`
    sessions_have_cached_different_lengths  ///< the small session has `got` cached tokens, the large one `limit`
  };
  problem what = problem::no_memory;
  index_type sequence = 0;
  std::int64_t got = 0, limit = 0;
  index_type row = -1;     ///< index of the token in the input of its sequence; -1: not about a single token
  bool in_source = false;  ///< true if it is in the source of an encoder-decoder
  const char* input =
      nullptr;  ///< the name of an input of the user's own that it is in; its rows count through the batch

  /// What is wrong, whether it is in the source, the sequence, the row, what was found and the limit.
  constexpr error_text message() const {
    error_text text;
    if (what == problem::no_memory) return text.add(sentence());
    if (input) text.add("input ").add(input);
    else text.add(in_source ? "source, sequence " : "sequence ").add(sequence);
    if (row >= 0) text.add(", row ").add(row);
    text.add(": ").add(sentence());
    if (what != problem::source_is_missing && what != problem::input_is_missing)
      text.add(": found ").add(got).add(", the limit is ").add(limit);
    return text;
  }

 private:
  constexpr const char* sentence() const {
    switch (what) {
      case problem::no_memory: return "there is no memory for the session or its weights";
      case problem::no_tokens: return "a sequence has no new token";
      case problem::too_many_sequences: return "there are more sequences than the batch holds";
      case problem::context_is_full: return "the context is full";
      case problem::too_many_tokens: return "there are more tokens than one call takes";
      case problem::id_outside_vocabulary: return "a token id lies outside the vocabulary";
      case problem::position_outside_context: return "a position lies outside the context";
      case problem::segment_outside_table: return "a segment lies outside the table of segments";
      case problem::source_is_missing: return "no text was read for a sequence";
      case problem::unequal_sources: return "there are not as many sources as targets";
      case problem::wrong_size: return "there are not as many flags, segments or positions as ids";
      case problem::values_do_not_fill_rows: return "the numbers do not fill whole rows of features or images";
      case problem::unequal_rows: return "the ids do not fill whole rows of the padded length";
      case problem::prompt_needs_a_fresh_sequence: return "a padded prompt needs a fresh session";
      case problem::sequence_outside_batch: return "there is no such sequence in the batch";
      case problem::negative_length: return "a length is negative";
      case problem::no_logits: return "the last call gave no logits for a sequence";
      case problem::token_without_logits: return "the last call gave no logits for a token";
      case problem::input_is_not_read: return "segments or positions are given where they are not read";
      case problem::input_is_missing: return "it was not given";
      case problem::input_has_other_rows: return "it has other rows than the call";
      case problem::input_id_outside_table: return "an id lies outside its table";
      case problem::workspace_is_too_small: return "the workspace has too few elements";
      case problem::max_tokens_is_negative: return "the number of tokens to generate is negative";
      case problem::drafts_are_negative: return "the number of drafts is negative";
      case problem::sessions_have_cached_different_lengths: return "two sessions have not cached as many tokens";
    }
    return "";
  }
};

template <class Number>
constexpr failure<inference_error> rejected(inference_error::problem what, index_type sequence, Number got,
                                            index_type limit, index_type row = -1) {
  return {{what, sequence, static_cast<std::int64_t>(got), limit, row}};
}

/// Error: a sequence that a batch does not have.
constexpr result<void, inference_error> check_sequence(index_type sequence, index_type batch) {
  if (sequence < 0 || sequence >= batch)
    return rejected(inference_error::problem::sequence_outside_batch, sequence, sequence, batch);
  return {};
}

/// Error: an id of the sequence that is not in the vocabulary. The first id is in row `first`.
constexpr result<void, inference_error> check_ids(index_type sequence, std::span<const std::int32_t> ids,
                                                  index_type vocabulary, index_type first = 0) {
  for (std::size_t i = 0; i < ids.size(); ++i)
    if (ids[i] < 0 || ids[i] >= vocabulary)
      return rejected(inference_error::problem::id_outside_vocabulary, sequence, ids[i], vocabulary,
                      first + index_type(i));
  return {};
}

}  // namespace typeformer
