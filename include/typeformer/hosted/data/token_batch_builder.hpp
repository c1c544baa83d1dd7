// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <typeformer/objectives/objective.hpp>
#include <typeformer/shape/token_batch.hpp>

namespace typeformer {

/// Puts sequences of any lengths into a `token_batch`, one after the other without padding. Positions count from 0 in
/// each.
class token_batch_builder {
 public:
  void clear() {
    first_row_.assign(1, 0);
    for (auto* const column : {&ids_, &positions_, &segments_, &labels_, &sequence_labels_}) column->clear();
  }

  /// ids, labels, segments: [tokens]; without segments all are 0. Precondition: spans of one size, else it traps.
  void add(std::span<const std::int32_t> ids, std::span<const std::int32_t> labels,
           std::span<const std::int32_t> segments = {}, std::int32_t sequence_label = no_label) {
    if (labels.size() != ids.size() || (!segments.empty() && segments.size() != ids.size())) __builtin_trap();
    ids_.insert(ids_.end(), ids.begin(), ids.end());
    labels_.insert(labels_.end(), labels.begin(), labels.end());
    segments_.insert(segments_.end(), segments.begin(), segments.end());
    segments_.resize(ids_.size(), 0);
    for (std::size_t i = 0; i < ids.size(); ++i) positions_.push_back(static_cast<std::int32_t>(i));
    sequence_labels_.push_back(sequence_label);
    first_row_.push_back(static_cast<index_type>(ids_.size()));
  }

  /// The sequences added since `clear`; valid until something is added, cleared, moved or copied.
  token_batch batch() const {
    token_batch batch;
    batch.sequences = static_cast<index_type>(first_row_.size()) - 1;
    batch.rows = first_row_.back();
    batch.first_row = first_row_.data();
    batch.ids = ids_.data();
    batch.positions = positions_.data();
    batch.segments = segments_.data();
    batch.labels = labels_.data();
    batch.sequence_labels = sequence_labels_.data();
    return batch;
  }

 private:
  std::vector<index_type> first_row_{0};
  std::vector<std::int32_t> ids_, positions_, segments_, labels_, sequence_labels_;
};

}  // namespace typeformer
