// SPDX-License-Identifier: BSL-1.0
#include <laws/check_verdict.hpp>
#include <laws/models.hpp>
#include <typeformer/layers/alibi_positions.hpp>
#include <typeformer/layers/relative_position_bias.hpp>

using namespace typeformer;
using namespace typeformer::laws;

namespace {

template <class Attention, class Positions>
using stack = decoder_only<token_embedding<vocabulary<11>, width<8>>, Positions,
                           repeat<3, pre_norm_block<Attention, feed_forward<12, gelu_tanh>>>,
                           named<"final_norm", layer_norm<>>, tied_head>;

/// The bias is one parameter of the stack, whose gradient every iteration of its loop adds to.
struct biased_model : stack<self_attention<heads<2>, causal, without_bias, score_scale<1.0>>,
                            relative_position_bias<context<8>, heads<2>, buckets<4>, maximum_distance<6>>> {};
struct alibi_model : stack<self_attention<heads<2>, causal>, alibi_positions<context<8>, heads<2>>> {};

constexpr typeformer::index_type band_of(typeformer::index_type layer) { return layer % 2 ? 2 : 0; }
struct banded_model
    : stack<self_attention<heads<2>, causal, sliding_windows<band_of>, soft_cap<2.0>>, learned_positions<context<8>>> {
};

}  // namespace

TEST_CASE("obeys the laws: a model with a learned bias of distances") { check_verdict(examine_model<biased_model>()); }
TEST_CASE("obeys the laws: a model with ALiBi") { check_verdict(examine_model<alibi_model>()); }
TEST_CASE("obeys the laws: a model with alternating windows and capped scores") {
  check_verdict(examine_model<banded_model>());
}
TEST_CASE("obeys the laws: bidirectional self_attention with capped scores") {
  check_verdict(examine_layer<self_attention<heads<2>, bidirectional, soft_cap<1.0>>, 8, sees_later_tokens>());
}
TEST_CASE("obeys the laws: self_attention within chunks") {
  check_verdict(examine_layer<self_attention<heads<2>, bidirectional, attention_chunks<2>>, 8, sees_later_tokens>());
  check_verdict(examine_layer<self_attention<heads<2>, causal, attention_chunks<3>>, 8>());
}
