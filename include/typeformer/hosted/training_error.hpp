// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>

namespace typeformer {

/// Why training could not start or continue.
struct training_error {
  enum class problem {
    no_memory,
    bad_option,  ///< a setting of the recipe or of the data
    bad_batch,   ///< data that do not fit the model or the capacities
    not_enough_data,
    outside_vocabulary,
    loss_is_not_finite,
    value_is_not_finite,  ///< a parameter, or a number of the optimizer's state
    loss_spike,
    other_data,  ///< than those of the earlier steps of the resumed run
    file
  };
  problem what = problem::file;
  std::string text{};

  const std::string& message() const { return text; }
};

}  // namespace typeformer
