// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string_view>
#include <vector>

#include <typeformer/foundation/config.hpp>

namespace typeformer {

/// The results of one optimizer step.
struct step_report {
  index_type step = 0;    ///< counted from 1
  index_type steps = 0;   ///< that were requested
  index_type tokens = 0;  ///< in the step's batches
  double loss = 0;        ///< of the step's batches, before the update
  double learning_rate = 0;
  double gradient_norm = 0;      ///< before clipping
  double tokens_per_second = 0;  ///< of training alone
  double flops_per_second = 0;   ///< of the plan, forward and backward, in proportion to the tokens
  double utilization = 0;        ///< fraction of the recipe's `peak_flops_per_second`; 0: unknown
  double seconds_left = 0;       ///< at the pace so far
};

/// The findings of one part of the objective on the whole validation data.
struct part_report {
  std::string_view name;
  double loss = 0;      ///< mean over the labels
  double accuracy = 0;  ///< fraction of the labels that had the largest logit; 0 if predictions are numbers
  index_type labels = 0;
};

/// The loss over the whole validation data after `step` updates: the sum over its parts.
struct evaluation_report {
  index_type step = 0;
  double validation_loss = 0;
  std::vector<part_report> parts{};
};

/// How training ended.
struct training_summary {
  index_type steps = 0;      ///< done
  bool interrupted = false;  ///< an observer stopped training, at the latest in the last step
  double training_loss = 0;  ///< of the last step
  double validation_loss = 0;
  double seconds = 0;
  double tokens_per_second = 0;
  double flops_per_second = 0;
  double utilization = 0;
};

}  // namespace typeformer
