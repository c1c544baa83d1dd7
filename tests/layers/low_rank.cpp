// SPDX-License-Identifier: BSL-1.0
#include <laws/check_verdict.hpp>
#include <typeformer/activations/activations.hpp>
#include <typeformer/layers/adapts.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/low_rank_linear.hpp>
#include <typeformer/layers/self_attention.hpp>

using namespace typeformer;
using laws::check_verdict;
using laws::examine_layer;

TEST_CASE("obeys the laws: low_rank_linear") {
  check_verdict(examine_layer<low_rank_linear<7, rank<2>, alpha<3.0>>, 5>());
}
TEST_CASE("obeys the laws: low_rank_linear without bias, with a factor of one") {
  check_verdict(examine_layer<low_rank_linear<4, rank<3>, without_bias>, 6>());
}

TEST_CASE("obeys the laws: an attention with adapters on queries and values") {
  check_verdict(examine_layer<self_attention<heads<2>, causal, adapts<low_rank<rank<2>, alpha<3.0>>>>, 8>());
}
TEST_CASE("obeys the laws: an attention with grouped queries and adapters on every projection") {
  constexpr adapted_maps all{.query = true, .key = true, .value = true, .output = true};
  check_verdict(examine_layer<self_attention<heads<4>, key_value_heads<2>, head_width<3>, bidirectional, without_bias,
                                             adapts<low_rank<rank<3>>, all>>,
                              8, laws::sees_later_tokens>());
}

TEST_CASE("obeys the laws: feed-forwards with adapters on every projection") {
  constexpr adapted_maps all{.gate = true, .up = true, .down = true};
  check_verdict(examine_layer<feed_forward<12, gelu_tanh, adapts<low_rank<rank<2>, alpha<4.0>>, all>>, 5>());
  check_verdict(examine_layer<gated_feed_forward<7, silu, adapts<low_rank<rank<2>, alpha<4.0>>, all>>, 6>(),
                {.training = 10});
}
TEST_CASE("ignores adapters of attention in a feed-forward") {
  using adapted = laws::probe<feed_forward<12, gelu_tanh, adapts<low_rank<rank<2>>>>, 5>;
  using plain = laws::probe<feed_forward<12, gelu_tanh>, 5>;
  using use = walk_use<purpose::train, capacities{2, 5, 0}>;
  CHECK(planned<adapted::training, use>::value.parameters == planned<plain::training, use>::value.parameters);
  CHECK(planned<adapted::training, use>::value.arena[0] == planned<plain::training, use>::value.arena[0]);
}
