// SPDX-License-Identifier: BSL-1.0
#include <laws/check_verdict.hpp>
#include <laws/models.hpp>

using namespace typeformer::laws;

TEST_CASE("a repeat within a checkpoint within a repeat obeys the laws") {
  check_verdict(examine_model<nested_checkpoint_model>());
}
