// SPDX-License-Identifier: BSL-1.0
#include <laws/check_verdict.hpp>
#include <laws/models.hpp>
#include <typeformer/layers/query_key_norm.hpp>

using namespace typeformer;
using namespace typeformer::laws;

namespace {

struct normed_and_turned
    : rotary_stack<repeat<3, pre_norm_block<self_attention<heads<2>, causal, query_key_norm<rms_norm<epsilon<1e-3>>>>,
                                            feed_forward<12, gelu_tanh>>>> {};

}  // namespace

TEST_CASE("obeys the laws: self_attention with normalized queries and keys") {
  check_verdict(examine_layer<self_attention<heads<2>, causal, query_key_norm<>>, 8>());
}
// A large epsilon keeps the function smooth if a head of few columns has hardly any variance.
TEST_CASE("obeys the laws: self_attention with grouped queries and layer norm of queries and keys") {
  using norm = layer_norm<epsilon<0.1>>;
  check_verdict(
      examine_layer<self_attention<heads<4>, key_value_heads<2>, head_width<5>, bidirectional, query_key_norm<norm>>, 8,
                    laws::sees_later_tokens>());
  check_verdict(examine_layer<self_attention<heads<2>, query_key_norm<layer_norm<epsilon<0.1>, without_bias>>>, 8>());
}
TEST_CASE("obeys the laws: norms over whole projections of queries and keys") {
  check_verdict(examine_layer<self_attention<heads<4>, key_value_heads<2>, head_width<3>,
                                             query_key_norm<rms_norm<unit_offset>, over_the_projection>>,
                              8>());
  check_verdict(examine_layer<self_attention<heads<2>, query_key_norm<layer_norm<>, over_the_projection>>, 8>());
}
TEST_CASE("obeys the laws: norms of queries and keys with weights of each head, or with none") {
  check_verdict(examine_layer<self_attention<heads<4>, key_value_heads<2>, head_width<5>,
                                             query_key_norm<layer_norm<epsilon<0.1>>, own_weights_of_heads>>,
                              8>());
  check_verdict(examine_layer<self_attention<heads<2>, query_key_norm<rms_norm<without_weight>>>, 8>());
}
TEST_CASE("obeys the laws: a model that normalizes queries and keys before it rotates them") {
  check_verdict(examine_model<normed_and_turned>());
}
