// SPDX-License-Identifier: BSL-1.0
#include <laws/check_verdict.hpp>
#include <laws/models.hpp>

using namespace typeformer::laws;

TEST_CASE("obeys the laws: a checkpoint within a repeat") {
  check_verdict(examine_model<checkpoint_in_repeat_model>());
}
TEST_CASE("obeys the laws: a repeat within a checkpoint") {
  check_verdict(examine_model<repeat_in_checkpoint_model>());
}
