// SPDX-License-Identifier: BSL-1.0
#include <laws/check_verdict.hpp>
#include <typeformer/activations/activations.hpp>
#include <typeformer/layers/feed_forward.hpp>

using namespace typeformer;
using laws::check_verdict;
using laws::examine_layer;

TEST_CASE("obeys the laws: feed_forward") { check_verdict(examine_layer<feed_forward<11, gelu_tanh>, 6>()); }
TEST_CASE("obeys the laws: feed_forward without bias") {
  check_verdict(examine_layer<feed_forward<11, gelu_erf, without_bias>, 6>());
}
TEST_CASE("obeys the laws: gated_feed_forward") { check_verdict(examine_layer<gated_feed_forward<9, silu>, 6>()); }
TEST_CASE("obeys the laws: gated_feed_forward with bias") {
  check_verdict(examine_layer<gated_feed_forward<9, gelu_tanh, with_bias>, 6>());
}
