// SPDX-License-Identifier: BSL-1.0
#include <laws/check_verdict.hpp>
#include <typeformer/layers/linear.hpp>

using namespace typeformer;
using laws::check_verdict;
using laws::examine_layer;

TEST_CASE("obeys the laws: linear") { check_verdict(examine_layer<linear<7>, 5>()); }
TEST_CASE("obeys the laws: linear without bias") { check_verdict(examine_layer<linear<4, without_bias>, 6>()); }
