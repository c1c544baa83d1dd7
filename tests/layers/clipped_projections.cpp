// SPDX-License-Identifier: BSL-1.0
#include <laws/check_verdict.hpp>
#include <typeformer/layers/adapts.hpp>
#include <typeformer/layers/attention_dropout.hpp>
#include <typeformer/layers/clipped_projections.hpp>
#include <typeformer/layers/query_key_norm.hpp>
#include <typeformer/layers/self_attention.hpp>

using namespace typeformer;
using laws::check_verdict;
using laws::examine_layer;

// The function has no derivative where a projected number is the limit: none is near these limits.
TEST_CASE("obeys the laws: self_attention with clipped projections") {
  check_verdict(examine_layer<self_attention<heads<2>, causal, clipped_projections<0.575>>, 8>());
  check_verdict(examine_layer<
                self_attention<heads<4>, key_value_heads<2>, bidirectional, without_bias, clipped_projections<0.275>>,
                8, laws::sees_later_tokens>());
}
TEST_CASE("obeys the laws: clipped projections before norms, with adapters and dropout of probabilities") {
  check_verdict(examine_layer<self_attention<heads<2>, causal, clipped_projections<0.575>, query_key_norm<>,
                                             attention_dropout<0.25>, adapts<low_rank<rank<2>>>>,
                              8>());
}
