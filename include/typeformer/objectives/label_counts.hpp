// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>

#include <typeformer/objectives/objective.hpp>
#include <typeformer/shape/token_batch.hpp>

namespace typeformer {

/// How many rows, or sequences, of a batch have a label, for each part of an objective.
template <class Objective> constexpr std::array<index, std::size_t(Objective::parts)> count_labels(const token_batch& batch) {
  const auto count = [](const std::int32_t* labels, index size, index stride) {
    index found = 0;
    for (index i = 0; labels && i < size; ++i) found += labels[i * stride] != no_label;
    return found;
  };
  std::array<index, std::size_t(Objective::parts)> counts{};
  for (std::size_t part = 0; part < counts.size(); ++part) switch (Objective::label_kinds[part]) {
      case label_kind::of_tokens: counts[part] = count(batch.labels, batch.rows, 1); break;
      case label_kind::of_sequences: counts[part] = count(batch.sequence_labels, batch.sequences, 1); break;
      case label_kind::of_answers: counts[part] = count(batch.answer_spans, batch.sequences, 2); break;
    }
  return counts;
}

/// Sets the batch's scales so that the loss of every part is a mean over its labels, shared by `accumulated_batches`
/// batches whose gradients are added up.
template <class Objective> constexpr void set_mean_scales(token_batch& batch, index accumulated_batches = 1) {
  const auto counts = count_labels<Objective>(batch);
  for (std::size_t part = 0; part < counts.size(); ++part) {
    const double scale = counts[part] > 0 ? 1 / double(counts[part] * accumulated_batches) : 0;
    (Objective::label_kinds[part] == label_kind::of_tokens ? batch.loss_scale : batch.sequence_loss_scale) = scale;
  }
}

}  // namespace typeformer
