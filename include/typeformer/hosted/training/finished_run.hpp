// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace typeformer {

/// What a training run spent, and what came of it.
struct finished_run {
  double parameters = 0;
  double tokens = 0;  ///< that it was trained on
  double loss = 0;    ///< mean of unseen text, in nats a token
};

}  // namespace typeformer
