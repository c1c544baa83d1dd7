// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/hosted/data/training_data.hpp>
#include <typeformer/hosted/training/batch_preparation.hpp>
#include <typeformer/hosted/training/training_reports.hpp>

namespace typeformer {

/// The findings of every part of an objective over all its labels in the validation data; nothing if `stop()` became
/// true meanwhile. `score(batch)` returns the `objective_score` of a batch.
///
/// Errors: those of the preparation; no label at all; a loss that is not finite.
template <class Objective, TrainingData Data, class Score, class Stop>
result<std::optional<evaluation_report>, training_error> validate(Data& data,
                                                                  const batch_preparation<Objective>& preparation,
                                                                  Score&& score, Stop&& stop) {
  evaluation_report report;
  for (const char* const name : Objective::part_names) report.parts.push_back({.name = name});
  index_type labeled = 0;
  for (index_type number = 0; number < data.validation_batches(); ++number) {
    if (stop()) return std::optional<evaluation_report>{};
    token_batch batch = data.validation_batch(number);
    const auto labels = preparation.for_scoring(batch, number);
    if (!labels) return failure{labels.error()};
    const auto found = score(batch);
    if (!found) return failure{training_error_of(found.error(), "validation batch " + std::to_string(number))};
    for (std::size_t i = 0; i < report.parts.size(); ++i) {
      const index_type count = (*labels)[i];
      report.parts[i].loss += found->parts[i].loss * double(count);
      report.parts[i].accuracy += double(found->parts[i].correct);
      report.parts[i].labels += count;
      labeled += count;
    }
  }
  if (labeled == 0)
    return failure{training_error{training_error::problem::not_enough_data, "the validation data have no label"}};
  for (part_report& part : report.parts) {
    if (part.labels == 0) continue;
    part.loss /= double(part.labels);
    part.accuracy /= double(part.labels);
    report.validation_loss += part.loss;
  }
  if (!is_finite(report.validation_loss))
    return failure{training_error{training_error::problem::loss_is_not_finite, "the validation loss is not finite"}};
  return std::optional<evaluation_report>{std::move(report)};
}

}  // namespace typeformer
