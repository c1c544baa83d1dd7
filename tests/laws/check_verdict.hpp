// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <support/catch.hpp>

#include <typeformer/laws/examine_model.hpp>

namespace typeformer::laws {

/// Elements by which plans may be larger than the most that is live at once, because first fit can leave gaps.
struct gaps {
  index_type training = 0, evaluation = 0, decoding = 0;
};

/// Every law must hold, and the plans must be as tight as the test says.
inline void check_verdict(const verdict& v, gaps expected = {}) {
  INFO(v.text().view());
  CHECK(v.passed());
  CHECK(v[law::gradients].applies);
  CHECK(v.training_above_bound == expected.training);
  CHECK(v.evaluation_above_bound == expected.evaluation);
  CHECK(v.decoding_above_bound == expected.decoding);
}

}  // namespace typeformer::laws
