// SPDX-License-Identifier: BSL-1.0
#include <laws/check_verdict.hpp>
#include <laws/models.hpp>

using namespace typeformer::laws;

TEST_CASE("obeys the laws: a repeat within a repeat") { check_verdict(examine_model<nested_model>()); }
TEST_CASE("obeys the laws: a repeat of one iteration") { check_verdict(examine_model<single_repeat_model>()); }
