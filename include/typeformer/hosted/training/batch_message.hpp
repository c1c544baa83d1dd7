// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>

#include <typeformer/hosted/training_error.hpp>
#include <typeformer/objectives/batch_error.hpp>

namespace typeformer {

/// The sentence about a batch that was refused, with its numbers: sequence, row, value and what it may be.
[[gnu::cold]] inline training_error message_of(const batch_error& error, const std::string& batch) {
  using problem = batch_error::problem;
  std::string text = batch;
  if (error.in_source) text += ", source";
  if (error.sequence >= 0) text += ", sequence " + std::to_string(error.sequence);
  if (error.row >= 0) text += ", row " + std::to_string(error.row);
  text += std::string(": ") + error.text();
  if (error.highest >= error.lowest)
    text += ": expected " +
            (error.lowest == error.highest ? std::to_string(error.lowest)
                                           : std::to_string(error.lowest) + " to " + std::to_string(error.highest)) +
            ", found " + std::to_string(error.got);
  const bool is_outside = error.what == problem::id_outside_vocabulary || error.what == problem::label_outside_classes;
  return {error.what == problem::no_memory ? training_error::problem::no_memory
          : is_outside                     ? training_error::problem::outside_vocabulary
                                           : training_error::problem::bad_batch,
          text};
}

}  // namespace typeformer
