// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <support/catch.hpp>

#include <laws/laws.hpp>

namespace typeformer::laws {

/// Elements by which plans may be larger than the most that lives at once: first fit can leave gaps.
struct gaps {
  index training = 0, evaluation = 0, decoding = 0;
};

/// Every law must hold, and the plans must be as tight as the test says.
inline void check_verdict(const verdict& v, gaps expected = {}) {
  INFO(v.text());
  CHECK(v.gradients.tested > 0);
  CHECK(v.gradients.worst < 1e-8);
  CHECK(v.merging_changes_nothing);
  CHECK(v.training.errors() == 0);
  CHECK(v.evaluation.errors() == 0);
  if (v.decodes) CHECK(v.decoding.errors() == 0);
  CHECK(v.training.reads > 0);
  CHECK(v.single_precision_error < 1e-5);
  CHECK(v.holds());
  CHECK(v.training_above_bound == expected.training);
  CHECK(v.evaluation_above_bound == expected.evaluation);
  CHECK(v.decoding_above_bound == expected.decoding);
}

}  // namespace typeformer::laws
