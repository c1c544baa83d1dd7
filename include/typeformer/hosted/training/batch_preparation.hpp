// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <typeformer/foundation/philox.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/training/batch_message.hpp>
#include <typeformer/hosted/training_error.hpp>
#include <typeformer/objectives/check_batch.hpp>
#include <typeformer/objectives/label_counts.hpp>

namespace typeformer {

/// Prepares batches for an objective: checks them, counts their labels, and sets the seed and step of dropout. The
/// scales that make sums into means are set by the caller once it knows all labels (`set_mean_scales`).
template <class Objective> class batch_preparation {
 public:
  using counts = label_counts<Objective::parts>;

  /// The stream of a seed from which dropout's own seed is drawn. It shares no key with the data, which use the seed
  /// itself.
  static constexpr std::uint64_t dropout_stream = ~std::uint64_t{1};

  explicit batch_preparation(const batch_limits& limits)
      : limits_{limits},
        unlabeled_(std::size_t(limits.reserved.batch * std::max<index_type>(2, limits.reserved.tokens)), no_label),
        without_targets_(std::size_t(limits.reserved.batch * std::max(limits.real.outputs * limits.reserved.tokens,
                                                                      limits.real.sequence_outputs)),
                         std::numeric_limits<float>::quiet_NaN()) {}

  /// Prepares training batch `number`. Returns the number of labels of each part. Missing labels count as none.
  ///
  /// Errors: those of `check_batch`.
  result<counts, training_error> for_training(token_batch& batch, std::uint64_t seed, index_type number) const {
    philox seeds{seed, dropout_stream};
    batch.random_seed = std::uint64_t{seeds()} << 32;
    batch.random_seed |= seeds();
    batch.random_step = std::uint64_t(number);
    return ready(batch, "training batch ", number);
  }

  /// Prepares validation batch `number`, whose loss is a mean of its own.
  result<counts, training_error> for_scoring(token_batch& batch, index_type number) const {
    auto labels = ready(batch, "validation batch ", number);
    if (labels) set_mean_scales<Objective>(batch, *labels);
    return labels;
  }

 private:
  result<counts, training_error> ready(token_batch& batch, const char* name, index_type number) const {
    for (const std::int32_t** const labels : {&batch.labels, &batch.sequence_labels, &batch.answer_spans})
      if (!*labels) *labels = unlabeled_.data();
    if (!batch.targets) {
      batch.targets = without_targets_.data();
      batch.outputs = limits_.real.outputs;
    }
    if (!batch.sequence_targets) {
      batch.sequence_targets = without_targets_.data();
      batch.sequence_outputs = limits_.real.sequence_outputs;
    }
    if (const auto checked = check_batch(batch, limits_); !checked)
      return failure{training_error_of(checked.error(), name + std::to_string(number))};
    return count_labels<Objective>(batch);
  }

  batch_limits limits_;
  std::vector<std::int32_t> unlabeled_;
  std::vector<float> without_targets_;
};

}  // namespace typeformer
