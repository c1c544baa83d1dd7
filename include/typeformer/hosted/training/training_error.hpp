// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>

namespace typeformer {

/// Why training could not start or go on.
struct training_error {
  enum class problem {
    no_memory,
    bad_option,  ///< a number of the training plan
    not_enough_data,
    outside_vocabulary,
    loss_is_not_finite,
    file
  };
  problem what = problem::file;
  std::string message{};
};

}  // namespace typeformer
