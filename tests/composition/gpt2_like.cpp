// SPDX-License-Identifier: BSL-1.0
#include <laws/check_verdict.hpp>
#include <laws/models.hpp>

using namespace typeformer::laws;

TEST_CASE("obeys the laws: a small GPT-2") { check_verdict(examine_model<small_gpt2>()); }
TEST_CASE("obeys the laws: a model of post-norm blocks") { check_verdict(examine_model<post_norm_model>()); }
