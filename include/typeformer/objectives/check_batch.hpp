// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>

#include <typeformer/contract/model.hpp>
#include <typeformer/contract/options.hpp>
#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/objectives/batch_error.hpp>
#include <typeformer/objectives/objective.hpp>
#include <typeformer/objectives/own_input_check.hpp>
#include <typeformer/objectives/real_limits.hpp>
#include <typeformer/shape/token_batch.hpp>

namespace typeformer {

/// The ranges of the numbers of a `token_batch`: the capacities, and the sizes of the tables that they index.
struct batch_limits {
  capacities reserved{};
  index_type vocabulary = 0, lowest_position = 0, context = 0;
  index_type segments = 0;          ///< 0: they are not read
  index_type classes = 0;           ///< of labels of tokens; 0: they are not read
  index_type sequence_classes = 0;  ///< of labels of sequences; 0: they are not read
  bool reads_answers = false;
  bool delivers_sequences = false;  ///< sequences have outputs of their own, so that each needs a token
  index_type source_vocabulary = 0, source_context = 0;  ///< a context of 0: no source is read
  index_type source_channels = 0;                        ///< of the source's features; 0: it has ids
  real_limits real{};                                    ///< of features, images and targets
  std::span<const planned_input> inputs{};               ///< those of the walk, for inputs of the user's own
};

namespace detail {

template <class Objective> constexpr bool reads_labels(label_kind kind) {
  return std::find(Objective::label_kinds.begin(), Objective::label_kinds.end(), kind) != Objective::label_kinds.end();
}
template <class Part> constexpr index_type classes_of() {
  if constexpr (requires { index_type(Part::width); }) return Part::width;
  else return 0;
}

template <Model M, class Objective> constexpr batch_limits limits_of(const capacities& reserved) {
  using output = typename M::output;
  using tokens = decltype(tokens_of(output{}));
  using sequences = decltype(sequences_of(output{}));
  batch_limits limits{.reserved = reserved, .vocabulary = M::vocabulary, .context = M::context};
  if constexpr (requires { index_type(M::lowest_position); }) limits.lowest_position = M::lowest_position;
  if constexpr (tells_segments_apart<M>) limits.segments = M::segments;
  if (reads_labels<Objective>(label_kind::of_tokens)) limits.classes = classes_of<tokens>();
  if (reads_labels<Objective>(label_kind::of_sequences)) limits.sequence_classes = classes_of<sequences>();
  limits.reads_answers = reads_labels<Objective>(label_kind::of_answers);
  if constexpr (requires { sequences::rows_are; }) limits.delivers_sequences = sequences::rows_are == axis::sequence;
  limits.real = {.channels = feature_channels<M>,
                 .image_values = image_values<M>,
                 .image_rows = image_rows<M>,
                 .has_class_token = has_class_token<M>};
  if (reads_labels<Objective>(label_kind::of_token_targets)) limits.real.outputs = classes_of<tokens>();
  if (reads_labels<Objective>(label_kind::of_sequence_targets)) limits.real.sequence_outputs = classes_of<sequences>();
  if constexpr (requires { requires M::reads_source; }) {
    limits.source_context = M::source_context;
    limits.source_channels = source_channels<M>;
    if constexpr (requires { index_type(M::source_vocabulary); }) limits.source_vocabulary = M::source_vocabulary;
    else limits.source_vocabulary = M::vocabulary;
  }
  return limits;
}

/// Checks one batch, or the source of one. Stops at the first number that is out of range.
class batch_check {
 public:
  using problem = batch_error::problem;

  constexpr batch_check(const token_batch& batch, const batch_limits& limits, bool is_source)
      : batch_{batch}, limits_{limits}, is_source_{is_source} {}

  constexpr result<void, batch_error> run() {
    if (check_rows()) check_tokens();
    for (index_type s = 0; ok_ && s < batch_.sequences; ++s) check_sequence(s);
    if (!ok_) return failure{error_};
    if (const auto checked = real_check{batch_, limits_.real, is_source_}.run(); !checked) return checked;
    return check_own_inputs(batch_, limits_.inputs, is_source_);
  }

 private:
  constexpr bool fail(problem what, index_type sequence = -1, index_type row = -1, std::int64_t got = 0,
                      std::int64_t least = 0, std::int64_t most = -1) {
    if (ok_) error_ = {what, is_source_, sequence, row, got, least, most};
    return ok_ = false;
  }
  /// Whether `got` lies in [least, end).
  constexpr bool in_range(problem what, index_type sequence, index_type row, std::int64_t got, std::int64_t least,
                          std::int64_t end) {
    return (got >= least && got < end) || fail(what, sequence, row, got, least, end - 1);
  }

  constexpr bool check_rows() {
    const index_type most = is_source_ ? limits_.reserved.source : limits_.reserved.tokens;
    if (!in_range(problem::too_many_sequences, -1, -1, batch_.sequences, 0, limits_.reserved.batch + 1)) return false;
    if (!batch_.first_row) return batch_.sequences == 0 && batch_.rows == 0 ? true : fail(problem::table_is_missing);
    if (batch_.first_row[0] != 0) return fail(problem::rows_do_not_follow, 0, -1, batch_.first_row[0], 0, 0);
    for (index_type s = 0; s < batch_.sequences; ++s) {
      const index_type begin = batch_.first_row[s], end = batch_.first_row[s + 1];
      if (end < begin) return fail(problem::rows_do_not_follow, s, -1, end, begin, begin + most);
      const bool is_read = is_source_ || limits_.delivers_sequences;
      if (end == begin && is_read) return fail(problem::no_tokens, s, -1, 0, 1, most);
      if (end - begin > most) return fail(problem::too_many_tokens, s, -1, end - begin, is_read ? 1 : 0, most);
    }
    const index_type rows = batch_.first_row[batch_.sequences];
    return batch_.rows == rows || fail(problem::rows_do_not_follow, -1, -1, batch_.rows, rows, rows);
  }

  constexpr void check_tokens() {
    if (batch_.rows == 0) return;
    const bool reads_ids = limits_.real.reads_ids();
    if ((reads_ids && !batch_.ids) || !batch_.positions || (limits_.classes > 0 && !batch_.labels)) {
      fail(problem::table_is_missing);
      return;
    }
    for (index_type s = 0; s < batch_.sequences; ++s)
      for (index_type r = batch_.first_row[s]; ok_ && r < batch_.first_row[s + 1]; ++r) {
        if (reads_ids) in_range(problem::id_outside_vocabulary, s, r, batch_.ids[r], 0, limits_.vocabulary);
        in_range(problem::position_outside_context, s, r, batch_.positions[r], limits_.lowest_position,
                 limits_.context);
        if (limits_.segments > 0 && batch_.segments)
          in_range(problem::segment_outside_table, s, r, batch_.segments[r], 0, limits_.segments);
        if (limits_.classes > 0 && batch_.labels[r] != no_label)
          in_range(problem::label_outside_classes, s, r, batch_.labels[r], 0, limits_.classes);
      }
  }

  constexpr void check_sequence(index_type s) {
    const index_type tokens = batch_.rows_of(s);
    constexpr index_type end_of_past = (std::numeric_limits<index_type>::max)() / 2;  // sums do not overflow
    if (batch_.past) in_range(problem::past_is_out_of_range, s, -1, batch_.past[s], 0, end_of_past);
    if (batch_.prefixes) in_range(problem::prefix_outside_sequence, s, -1, batch_.prefixes[s], 0, tokens + 1);
    if (ok_ && batch_.key_valid)
      in_range(problem::too_few_flags, s, -1, batch_.key_stride, tokens + batch_.cached_of(s, limits_.reserved.memory),
               (std::numeric_limits<index_type>::max)());
    if (limits_.sequence_classes > 0) {
      if (!batch_.sequence_labels) fail(problem::table_is_missing);
      else if (batch_.sequence_labels[s] != no_label)
        in_range(problem::sequence_label_outside_classes, s, -1, batch_.sequence_labels[s], 0,
                 limits_.sequence_classes);
    }
    if (ok_ && limits_.reads_answers) check_answer(s, tokens);
  }
  constexpr void check_answer(index_type s, index_type tokens) {
    if (!batch_.answer_spans) {
      fail(problem::table_is_missing);
      return;
    }
    const index_type first = batch_.answer_spans[2 * s], last = batch_.answer_spans[2 * s + 1];
    if (first == no_label) return;
    if (!in_range(problem::answer_outside_sequence, s, -1, first, 0, tokens) ||
        !in_range(problem::answer_outside_sequence, s, -1, last, first, tokens))
      return;
    for (const index_type end : {first, last})
      if (batch_.key_valid && !batch_.key_valid[s * batch_.key_stride + end])
        fail(problem::answer_outside_sequence, s, batch_.first_row[s] + end, end);
  }

  const token_batch& batch_;
  const batch_limits& limits_;
  bool is_source_, ok_ = true;
  batch_error error_{};
};

}  // namespace detail

/// Whether every number of a batch is inside its range. Cost: a pass over the batch.
///
/// Errors: the first number that is not, with its sequence, its row and its limits; tables that are needed and missing.
constexpr result<void, batch_error> check_batch(const token_batch& batch, const batch_limits& limits) {
  using problem = batch_error::problem;
  if (const auto checked = detail::batch_check{batch, limits, false}.run(); !checked) return checked;
  for (const double scale : {batch.loss_scale, batch.sequence_loss_scale, batch.answer_loss_scale,
                             batch.target_loss_scale, batch.sequence_target_loss_scale})
    if (!is_finite(scale) || scale > largest_number || scale < -largest_number)
      return failure{batch_error{.what = problem::scale_is_not_finite}};
  if (limits.source_context == 0 || batch.sequences == 0) return {};
  if (!batch.source) return failure{batch_error{.what = problem::table_is_missing, .in_source = true}};
  if (batch.source->sequences != batch.sequences || batch.source_lengths)
    return failure{batch_error{.what = problem::other_sources,
                               .in_source = true,
                               .got = batch.source->sequences,
                               .lowest = batch.sequences,
                               .highest = batch.sequences}};
  const batch_limits of_source{.reserved = limits.reserved,
                               .vocabulary = limits.source_vocabulary,
                               .context = limits.source_context,
                               .segments = limits.segments,
                               .real = {.channels = limits.source_channels},
                               .inputs = limits.inputs};
  return detail::batch_check{*batch.source, of_source, true}.run();
}

}  // namespace typeformer
