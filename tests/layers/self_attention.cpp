// SPDX-License-Identifier: BSL-1.0
#include <laws/check_verdict.hpp>
#include <typeformer/layers/self_attention.hpp>

using namespace typeformer;
using laws::check_verdict;
using laws::examine_layer;

TEST_CASE("obeys the laws: causal self_attention") {
  check_verdict(examine_layer<self_attention<heads<2>, causal>, 8>());
}
TEST_CASE("obeys the laws: bidirectional self_attention without bias") {
  check_verdict(examine_layer<self_attention<heads<2>, bidirectional, without_bias>, 6, laws::sees_later_tokens>());
}
TEST_CASE("obeys the laws: self_attention with grouped queries, its own head width and scale") {
  check_verdict(
      examine_layer<self_attention<heads<4>, key_value_heads<2>, head_width<3>, score_scale<0.7>, causal>, 8>());
}
