// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include <typeformer/hosted/data/token_batch_builder.hpp>

namespace typeformer {

/// What an encoder reads, and what a decoder is to write then.
struct sequence_pair {
  std::vector<std::int32_t> source, target;
  friend bool operator==(const sequence_pair&, const sequence_pair&) = default;
};

/// The ids before and after a target. The defaults are T5's, where the padding token starts a text.
struct target_ends {
  std::int32_t start = 0, end = 1;
};

/// Puts pairs into a `token_batch` without padding. The decoder reads the start and then the target; its labels are the
/// target and then the end (teacher forcing). The sources are the batch's `source`, unchanged.
class pair_batch_builder {
 public:
  explicit pair_batch_builder(target_ends ends = {}) : ends_{ends} {}

  void clear() {
    sources_.clear();
    targets_.clear();
  }

  /// source [tokens]; target [tokens], which has one more row in the batch.
  void add(std::span<const std::int32_t> source, std::span<const std::int32_t> target) {
    labels_.assign(source.size(), no_label);
    sources_.add(source, labels_);
    ids_.assign(1, ends_.start);
    ids_.insert(ids_.end(), target.begin(), target.end());
    labels_.assign(target.begin(), target.end());
    labels_.push_back(ends_.end);
    targets_.add(ids_, labels_);
  }
  void add(const sequence_pair& pair) { add(pair.source, pair.target); }

  /// The pairs added since `clear`; valid until something is added, cleared, moved or copied, or `batch` is called
  /// again.
  token_batch batch() {
    source_ = sources_.batch();
    token_batch batch = targets_.batch();
    batch.source = &source_;
    return batch;
  }

 private:
  target_ends ends_;
  token_batch_builder sources_, targets_;
  token_batch source_;
  std::vector<std::int32_t> ids_, labels_;
};

}  // namespace typeformer
