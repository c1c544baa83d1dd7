// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/objectives/objective.hpp>
#include <typeformer/shape/token_batch.hpp>

namespace typeformer {

/// The number of labels of each part of an objective.
template <index_type Parts> struct label_counts {
  std::array<index_type, std::size_t(Parts)> of_part{};

  constexpr index_type operator[](std::size_t part) const { return of_part[part]; }
  constexpr bool any() const {
    return std::any_of(of_part.begin(), of_part.end(), [](index_type count) { return count > 0; });
  }
  constexpr label_counts& operator+=(const label_counts& more) {
    for (std::size_t part = 0; part < of_part.size(); ++part) of_part[part] += more.of_part[part];
    return *this;
  }
  friend constexpr bool operator==(const label_counts&, const label_counts&) = default;
};

/// The number of rows, sequences or answers of a batch that have a label or targets, for each part of an objective.
/// Cost: a pass.
template <class Objective> constexpr label_counts<Objective::parts> count_labels(const token_batch& batch) {
  const auto count = [](const std::int32_t* labels, index_type size, index_type stride) {
    index_type found = 0;
    for (index_type i = 0; labels && i < size; ++i) found += labels[i * stride] != no_label;
    return found;
  };
  const auto count_targets = [](const float* targets, index_type size, index_type outputs) {
    index_type found = 0;
    for (index_type i = 0; targets && i < size; ++i) found += !is_nan(targets[i * outputs]);
    return found;
  };
  label_counts<Objective::parts> counts;
  for (std::size_t part = 0; part < counts.of_part.size(); ++part) switch (Objective::label_kinds[part]) {
      case label_kind::of_tokens: counts.of_part[part] = count(batch.labels, batch.rows, 1); break;
      case label_kind::of_sequences: counts.of_part[part] = count(batch.sequence_labels, batch.sequences, 1); break;
      case label_kind::of_answers: counts.of_part[part] = count(batch.answer_spans, batch.sequences, 2); break;
      case label_kind::of_token_targets:
        counts.of_part[part] = count_targets(batch.targets, batch.rows, batch.outputs);
        break;
      case label_kind::of_sequence_targets:
        counts.of_part[part] = count_targets(batch.sequence_targets, batch.sequences, batch.sequence_outputs);
        break;
    }
  return counts;
}

/// Sets the scales of one of several batches whose gradients are added. `labels` are the labels of all these batches.
/// The loss of each part becomes the sum over the batch's labels, divided by all labels of the part. The sum over the
/// batches is therefore the mean, however the labels are distributed. There is no other division.
template <class Objective>
constexpr void set_mean_scales(token_batch& batch, const label_counts<Objective::parts>& labels) {
  for (std::size_t part = 0; part < labels.of_part.size(); ++part) {
    const double scale = labels[part] > 0 ? 1 / double(labels[part]) : 0;
    switch (Objective::label_kinds[part]) {
      case label_kind::of_tokens: batch.loss_scale = scale; break;
      case label_kind::of_sequences: batch.sequence_loss_scale = scale; break;
      case label_kind::of_answers: batch.answer_loss_scale = scale; break;
      case label_kind::of_token_targets: batch.target_loss_scale = scale; break;
      case label_kind::of_sequence_targets: batch.sequence_target_loss_scale = scale; break;
    }
  }
}
/// The same for a single batch.
template <class Objective> constexpr void set_mean_scales(token_batch& batch) {
  set_mean_scales<Objective>(batch, count_labels<Objective>(batch));
}

}  // namespace typeformer
