// SPDX-License-Identifier: BSL-1.0
#include <laws/check_verdict.hpp>
#include <typeformer/layers/low_rank_linear.hpp>

using namespace typeformer;
using laws::check_verdict;
using laws::examine_layer;

TEST_CASE("low_rank_linear obeys the laws") {
  check_verdict(examine_layer<low_rank_linear<7, rank<2>, alpha<3.0>>, 5>());
}
TEST_CASE("low_rank_linear without bias, and with a factor of one, obeys the laws") {
  check_verdict(examine_layer<low_rank_linear<4, rank<3>, without_bias>, 6>());
}
