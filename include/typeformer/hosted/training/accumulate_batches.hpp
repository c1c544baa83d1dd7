// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <string>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/training/batch_digest.hpp>
#include <typeformer/hosted/training/batch_message.hpp>
#include <typeformer/hosted/training_error.hpp>
#include <typeformer/objectives/label_counts.hpp>

namespace typeformer {

/// A batch of training and the labels of each part of the objective.
template <class Objective> struct counted_batch {
  token_batch batch;
  label_counts<Objective::parts> labels;
};

/// The results of a step's batches, other than their gradients.
struct learned_batches {
  double loss = 0;  ///< the sum over the parts of the objective of the mean over all labels
  index_type tokens = 0;
  std::uint64_t digest = 0;  ///< of the last
};

/// Trains on batches [first, first + count) of one step as if they were one batch. All labels are counted before the
/// first gradient, and each batch's losses are divided by that number.
///
/// `fetch(n)` returns a `counted_batch`, valid until the next call, and is called twice for each n but `first`.
/// `learn(batch)` adds a gradient. A batch without a label is skipped, unless the model `has_memory` that continues.
/// Errors: those of the two; no label at all; data that do not return the same batch again.
template <class Objective, class Fetch, class Learn>
result<learned_batches, training_error> accumulate_batches(index_type first, index_type count, bool has_memory,
                                                           Fetch&& fetch, Learn&& learn) {
  using problem = training_error::problem;
  counted_batch<Objective> next{};
  label_counts<Objective::parts> all{}, seen{};
  for (index_type n = first + count; n-- > first; all += next.labels) {  // backward, to end with the first batch
    const auto fetched = fetch(n);
    if (!fetched) return failure{fetched.error()};
    next = *fetched;
  }
  if (!all.any())
    return failure{training_error{problem::not_enough_data,
                                  "training batch " + std::to_string(first) +
                                      (count > 1 ? " to " + std::to_string(first + count - 1) : std::string()) +
                                      ": there is no label"}};
  learned_batches sum;
  for (index_type n = first; n < first + count; ++n) {
    if (n > first) {
      const auto fetched = fetch(n);
      if (!fetched) return failure{fetched.error()};
      next = *fetched;
    }
    seen += next.labels;
    sum.tokens += next.batch.rows;
    sum.digest = batch_digest(next.batch);
    if (!next.labels.any() && !has_memory) continue;
    set_mean_scales<Objective>(next.batch, all);
    const auto loss = learn(next.batch);
    if (!loss) return failure{training_error_of(loss.error(), "training batch " + std::to_string(n))};
    sum.loss += double(*loss);
  }
  if (seen != all)
    return failure{training_error{
        problem::other_data,
        "training batch " + std::to_string(first) + " or a later one has other labels when it is asked for again"}};
  return sum;
}

}  // namespace typeformer
