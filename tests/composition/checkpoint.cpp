// SPDX-License-Identifier: BSL-1.0
#include <laws/check_verdict.hpp>
#include <laws/models.hpp>

using namespace typeformer::laws;

TEST_CASE("checkpoint within a repeat obeys the laws") { check_verdict(examine_model<checkpoint_in_repeat_model>()); }
TEST_CASE("a repeat within a checkpoint obeys the laws") { check_verdict(examine_model<repeat_in_checkpoint_model>()); }
