// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include <typeformer/laws/random_values.hpp>
#include <typeformer/shape/token_batch.hpp>

namespace typeformer::laws {

/// A call whose sequences differ in length. The first fills its capacity; each further one is two tokens shorter than
/// the one before, but has at least one token. The second half of a sequence is segment 1. The last row of every longer
/// sequence has no label. The loss is a mean. Sequences have labels and answers too. If a memory is reserved, the first
/// sequence has one cached token less than it holds, and the others had longer texts before.
class ragged_batch {
 public:
  ragged_batch(const capacities& reserved, index_type vocabulary) {
    pseudo_random random{3};
    first_row_.push_back(0);
    for (index_type s = 0; s < reserved.batch; ++s) {
      const index_type length = reserved.tokens > 2 * s ? reserved.tokens - 2 * s : 1;
      for (index_type i = 0; i < length; ++i) {
        ids_.push_back(random.below(vocabulary));
        positions_.push_back(std::int32_t(i));
        segments_.push_back(i > length / 2);
        labels_.push_back(i + 1 < length || length == 1 ? random.below(vocabulary) : -100);
      }
      sequence_labels_.push_back(std::int32_t(s % 2));
      answer_spans_.insert(answer_spans_.end(), {std::int32_t(0), std::int32_t(length / 2)});
      first_row_.push_back(index_type(ids_.size()));
      past_.push_back(s == 0 ? reserved.memory - 1 : reserved.memory + 4);
    }
    has_memory_ = reserved.memory > 0;
    if (reserved.source == 0) return;
    source_ = std::make_unique<ragged_batch>(capacities{reserved.batch, reserved.source}, vocabulary);
    source_batch_ = source_->view();
  }

  token_batch view() const {
    token_batch batch;
    batch.sequences = index_type(first_row_.size()) - 1;
    batch.rows = first_row_.back();
    batch.first_row = first_row_.data();
    if (has_memory_) batch.past = past_.data();
    batch.ids = ids_.data();
    batch.positions = positions_.data();
    batch.segments = segments_.data();
    if (source_) batch.source = &source_batch_;
    batch.labels = labels_.data();
    batch.sequence_labels = sequence_labels_.data();
    batch.answer_spans = answer_spans_.data();
    batch.sequence_loss_scale = 1.0 / double(batch.sequences);
    batch.loss_scale =
        1.0 / double(std::count_if(labels_.begin(), labels_.end(), [](auto label) { return label >= 0; }));
    return batch;
  }

 private:
  std::unique_ptr<ragged_batch> source_;  // what an encoder reads for the same sequences
  token_batch source_batch_;
  std::vector<index_type> first_row_, past_;
  bool has_memory_ = false;
  std::vector<std::int32_t> ids_, positions_, segments_, labels_, sequence_labels_, answer_spans_;
};

}  // namespace typeformer::laws
