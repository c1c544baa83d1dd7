// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>

#include <typeformer/hosted/training_error.hpp>
#include <typeformer/objectives/batch_error.hpp>

namespace typeformer {

/// The error of a training run whose batch, called `batch`, is rejected.
[[gnu::cold]] inline training_error training_error_of(const batch_error& error, const std::string& batch) {
  using problem = batch_error::problem;
  const bool is_outside = error.what == problem::id_outside_vocabulary ||
                          error.what == problem::label_outside_classes || error.what == problem::input_id_outside_table;
  const bool has_place = error.in_source || error.input || error.sequence >= 0 || error.row >= 0;
  return {error.what == problem::no_memory ? training_error::problem::no_memory
          : is_outside                     ? training_error::problem::outside_vocabulary
                                           : training_error::problem::bad_batch,
          batch + (has_place ? ", " : ": ") + std::string(error.message())};
}

}  // namespace typeformer
