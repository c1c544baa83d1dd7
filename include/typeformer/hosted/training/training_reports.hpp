// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>

namespace typeformer {

/// What one optimizer step did.
struct step_report {
  index step = 0;   ///< counted from 1
  index steps = 0;  ///< that were asked for
  double loss = 0;  ///< of the step's batches, before the update
  double learning_rate = 0;
  double gradient_norm = 0;      ///< before clipping
  double tokens_per_second = 0;  ///< of training alone
  double seconds_left = 0;       ///< at the pace so far
};

/// The loss over the whole validation data after `step` updates.
struct evaluation_report {
  index step = 0;
  double validation_loss = 0;
};

/// How training ended.
struct training_summary {
  index steps = 0;           ///< done
  bool interrupted = false;  ///< an observer wanted to stop before all steps were done
  double training_loss = 0;  ///< of the last step
  double validation_loss = 0;
  double seconds = 0;
  double tokens_per_second = 0;
};

}  // namespace typeformer
