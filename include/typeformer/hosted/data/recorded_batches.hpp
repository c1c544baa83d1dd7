// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <typeformer/foundation/precondition.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/data/batch_extents.hpp>
#include <typeformer/hosted/data/pretraining_instance.hpp>
#include <typeformer/hosted/data/token_batch_builder.hpp>
#include <typeformer/hosted/training_error.hpp>

namespace typeformer {

/// Instances that are already masked, `Batch` of them in a batch and the last batch smaller: data to validate with, or
/// to train on repeatedly in their order.
template <index_type Batch, index_type Tokens>
  requires fits_together<batch_extents<Batch, Tokens>>
class recorded_batches {
 public:
  /// Errors: no instance; one of more than `Tokens` tokens, or whose parts have different sizes; a negative id, segment
  /// or label, except -100. The trainer checks them against the sizes of the model's tables.
  static result<recorded_batches, training_error> of(std::vector<masked_instance> instances) {
    using problem = training_error::problem;
    if (instances.empty()) return failure{training_error{problem::not_enough_data, "there are no instances"}};
    for (std::size_t i = 0; i < instances.size(); ++i) {
      const std::size_t size = instances[i].ids.size();
      if (size > std::size_t(Tokens) || instances[i].labels.size() != size || instances[i].segments.size() != size)
        return failure{training_error{problem::bad_option,
                                      "instance " + std::to_string(i) + ": expected at most " + std::to_string(Tokens) +
                                          " tokens, each with label and segment, found " + std::to_string(size) + ", " +
                                          std::to_string(instances[i].labels.size()) + " and " +
                                          std::to_string(instances[i].segments.size())}};
      if (instances[i].label < 0 && instances[i].label != no_label)
        return failure{
            training_error{problem::outside_vocabulary, "instance " + std::to_string(i) +
                                                            ": expected a label of at least 0, or -100, found " +
                                                            std::to_string(instances[i].label)}};
      const auto& [ids, labels, segments] = std::tie(instances[i].ids, instances[i].labels, instances[i].segments);
      for (std::size_t t = 0; t < size; ++t)
        if (ids[t] < 0 || segments[t] < 0 || (labels[t] < 0 && labels[t] != no_label))
          return failure{training_error{problem::outside_vocabulary,
                                        "instance " + std::to_string(i) + ", token " + std::to_string(t) +
                                            ": expected id, segment and label of at least 0, or label -100, found " +
                                            std::to_string(ids[t]) + ", " + std::to_string(segments[t]) + " and " +
                                            std::to_string(labels[t])}};
    }
    return recorded_batches{std::move(instances)};
  }

  std::span<const masked_instance> instances() const { return instances_; }

  token_batch training_batch(std::uint64_t number) {
    return validation_batch(index_type(number % std::uint64_t(validation_batches())));
  }
  index_type validation_batches() const { return (index_type(instances_.size()) + Batch - 1) / Batch; }
  /// Precondition: 0 <= part < validation_batches().
  token_batch validation_batch(index_type part) {
    TYPEFORMER_PRECONDITION(part >= 0 && part < validation_batches());
    rows_.clear();
    const index_type end = std::min((part + 1) * Batch, index_type(instances_.size()));
    for (index_type i = part * Batch; i < end; ++i) {
      const masked_instance& instance = instances_[std::size_t(i)];
      rows_.add(instance.ids, instance.labels, instance.segments, instance.label);
    }
    return rows_.batch();
  }

 private:
  explicit recorded_batches(std::vector<masked_instance> instances) : instances_{std::move(instances)} {}

  std::vector<masked_instance> instances_;
  token_batch_builder rows_;
};

}  // namespace typeformer
