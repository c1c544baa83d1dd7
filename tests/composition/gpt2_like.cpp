// SPDX-License-Identifier: BSL-1.0
#include <laws/check_verdict.hpp>
#include <laws/models.hpp>

using namespace typeformer::laws;

TEST_CASE("a small GPT-2 obeys the laws") { check_verdict(examine_model<small_gpt2>()); }
TEST_CASE("a model of post-norm blocks obeys the laws") { check_verdict(examine_model<post_norm_model>()); }
