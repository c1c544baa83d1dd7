// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/error_text.hpp>
#include <typeformer/foundation/result.hpp>

namespace typeformer {

/// Why a batch cannot be used for training or scoring. Nothing was computed.
struct batch_error {
  enum class problem {
    no_memory,         ///< the arena could not be allocated
    table_is_missing,  ///< rows without ids, positions, labels, features, images or targets; no first rows or source
    too_many_sequences,
    rows_do_not_follow,  ///< first rows that do not start at 0, do not ascend, or do not end at `rows`
    too_many_tokens,
    no_tokens,  ///< an empty sequence that has an output of its own, or an empty source
    id_outside_vocabulary,
    position_outside_context,
    segment_outside_table,
    label_outside_classes,  ///< of a token
    sequence_label_outside_classes,
    answer_outside_sequence,  ///< an end of an answer is not a token of its sequence, or is hidden
    past_is_out_of_range,
    prefix_outside_sequence,
    too_few_flags,         ///< the stride of `key_valid` is less than the tokens of a sequence and its cached ones
    features_do_not_fit,   ///< the features do not have the channels of the model, or not the rows of the batch
    input_has_other_rows,  ///< an input of the user's own has `got` elements, the batch needs another number
    input_id_outside_table,
    images_do_not_fit,     ///< the images do not have the sizes of the model's
    rows_are_no_patches,   ///< a sequence has `got` valid rows, but its image has another number of patches
    input_is_not_finite,   ///< a feature, or a number of an image or of an input of the user's own
    targets_do_not_fit,    ///< the targets have `got` outputs per row, the model another number
    target_is_not_finite,  ///< infinite, or NaN beside others that are not
    other_sources,         ///< the source has another number of sequences than the batch, or lengths of its own
    scale_is_not_finite
  };
  problem what = problem::no_memory;
  bool in_source = false;
  index_type sequence = -1, row = -1;  ///< -1: not about a single one; rows count through the batch
  std::int64_t got = 0;
  std::int64_t lowest = 0, highest = -1;  ///< the range of `got`; no range if `highest` < `lowest`
  const char* input = nullptr;            ///< the name of an input of the user's own that it is in

  /// Whether it is in the source, the sequence, the row, what is wrong, the range of `got` and its value.
  constexpr error_text message() const {
    error_text text;
    if (in_source) text.add("source");
    if (input) text.add(text.view().empty() ? "input " : ", input ").add(input);
    if (sequence >= 0) text.add(text.view().empty() ? "sequence " : ", sequence ").add(sequence);
    if (row >= 0) text.add(text.view().empty() ? "row " : ", row ").add(row);
    text.add(text.view().empty() ? "" : ": ").add(sentence());
    if (highest < lowest) return text;
    text.add(": expected ").add(lowest);
    if (highest > lowest) text.add(" to ").add(highest);
    return text.add(", found ").add(got);
  }

 private:
  constexpr const char* sentence() const {
    switch (what) {
      case problem::no_memory: return "there is no memory for the pass";
      case problem::table_is_missing:
        return input ? "it is missing"
                     : "ids, positions, labels, features, images, targets, first rows or a source are missing";
      case problem::too_many_sequences: return "the batch has more sequences than were reserved";
      case problem::rows_do_not_follow: return "the first rows of the sequences do not follow one another";
      case problem::too_many_tokens: return "a sequence has more tokens than were reserved";
      case problem::no_tokens: return "a sequence has no token";
      case problem::id_outside_vocabulary: return "a token id lies outside the vocabulary";
      case problem::position_outside_context: return "a position lies outside the context";
      case problem::segment_outside_table: return "a segment lies outside the table of segments";
      case problem::label_outside_classes: return "the label of a token lies outside the classes";
      case problem::sequence_label_outside_classes: return "the label of a sequence lies outside the classes";
      case problem::answer_outside_sequence: return "an answer does not lie in its sequence";
      case problem::past_is_out_of_range: return "the number of earlier tokens is out of range";
      case problem::prefix_outside_sequence: return "a prefix is longer than its sequence";
      case problem::too_few_flags: return "there are fewer flags than keys";
      case problem::features_do_not_fit: return "the features have other channels or rows than the batch needs";
      case problem::input_has_other_rows: return "it has not the rows of the batch";
      case problem::input_id_outside_table: return "an id lies outside its table";
      case problem::images_do_not_fit: return "the images have another size than the model's";
      case problem::rows_are_no_patches: return "a sequence has other rows than its image has patches";
      case problem::input_is_not_finite: return "a number is not finite";
      case problem::targets_do_not_fit: return "the targets have other outputs than the model";
      case problem::target_is_not_finite: return "a target is not finite";
      case problem::other_sources: return "the source does not belong to the batch";
      case problem::scale_is_not_finite: return "the scale of a loss is no float";
    }
    return "";
  }
};

}  // namespace typeformer
