// SPDX-License-Identifier: BSL-1.0
#include <laws/check_verdict.hpp>
#include <typeformer/layers/adapts.hpp>
#include <typeformer/layers/self_attention.hpp>

using namespace typeformer;
using laws::check_verdict;
using laws::examine_layer;

TEST_CASE("obeys the laws: self_attention with a bias only in its output projection") {
  check_verdict(examine_layer<self_attention<heads<2>, causal, without_query_key_value_bias>, 8>());
  check_verdict(examine_layer<self_attention<heads<4>, key_value_heads<1>, bidirectional, without_query_key_value_bias>,
                              8, laws::sees_later_tokens>());
}
TEST_CASE("obeys the laws: self_attention without a bias in its output projection") {
  check_verdict(examine_layer<self_attention<heads<2>, causal, without_output_bias>, 8>());
  check_verdict(examine_layer<self_attention<heads<4>, key_value_heads<2>, without_output_bias,
                                             adapts<low_rank<rank<2>>, adapted_maps{.output = true}>>,
                              8>());
}
