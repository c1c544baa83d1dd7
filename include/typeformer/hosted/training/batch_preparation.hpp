// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include <typeformer/foundation/philox.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/training/training_error.hpp>
#include <typeformer/objectives/label_counts.hpp>

namespace typeformer {

/// Makes batches ready for an objective: checks them, sets the scales that turn sums into means, and says what dropout
/// draws from.
template <class Objective> class batch_preparation {
 public:
  using label_counts = std::array<index, std::size_t(Objective::parts)>;

  /// The stream of a seed that dropout's own seed is drawn from: it shares no key with the data, which use the seed itself.
  static constexpr std::uint64_t dropout_stream = ~std::uint64_t{1};

  explicit batch_preparation(const capacities& reserved)
      : reserved_{reserved},
        unlabelled_(std::size_t(reserved.batch * std::max<index>(2, reserved.tokens)), no_label) {}

  /// Readies batch `number`, one of `accumulated` whose gradients are added up. Labels that are not there are none.
  ///
  /// Errors: more sequences or tokens than were reserved, no label at all.
  result<void, training_error> for_training(token_batch& batch, std::uint64_t seed, index number, index accumulated) const {
    const auto labels = for_scoring(batch, accumulated);
    if (!labels) return failure{labels.error()};
    if (std::all_of(labels->begin(), labels->end(), [](index count) { return count == 0; }))
      return failure{training_error{training_error::problem::not_enough_data, "a batch has no label"}};
    philox seeds{seed, dropout_stream};
    batch.random_seed = std::uint64_t{seeds()} << 32;
    batch.random_seed |= seeds();
    batch.random_step = std::uint64_t(number);
    return {};
  }

  /// Readies a batch whose loss is a mean of its own; gives the labels of each part.
  result<label_counts, training_error> for_scoring(token_batch& batch, index accumulated = 1) const {
    bool fits = batch.sequences <= reserved_.batch;
    for (index s = 0; fits && s < batch.sequences; ++s) fits = batch.rows_of(s) <= reserved_.tokens;
    if (!fits)
      return failure{training_error{training_error::problem::bad_option,
                                    "the data gives larger batches than the trainer holds: " +
                                        std::to_string(reserved_.batch) + " sequences of " +
                                        std::to_string(reserved_.tokens) + " tokens"}};
    for (const std::int32_t** const labels : {&batch.labels, &batch.sequence_labels, &batch.answer_spans})
      if (!*labels) *labels = unlabelled_.data();
    set_mean_scales<Objective>(batch, accumulated);
    return count_labels<Objective>(batch);
  }

 private:
  capacities reserved_;
  std::vector<std::int32_t> unlabelled_;
};

}  // namespace typeformer
