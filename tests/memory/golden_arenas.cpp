// SPDX-License-Identifier: BSL-1.0
// Sizes of arenas as constants: the same on every compiler, and nobody makes them grow unseen.
#include <support/catch.hpp>

#include <typeformer/composition/checkpoint.hpp>
#include <typeformer/contract/uses.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/models/llama.hpp>
#include <typeformer/objectives/training_pass.hpp>

namespace typeformer {
namespace {

struct gpt2_124m : gpt2<gpt2_config{}> {};
struct gpt2_124m_of_one_layer : gpt2<gpt2_config{.layers = 1}> {};
struct checkpointed_gpt2_124m
    : decoder_only<
          token_embedding<vocabulary<50257>, width<768>>, learned_positions<context<1024>>,
          repeat<12, checkpoint<pre_norm_block<self_attention<heads<12>, causal>, feed_forward<3072, gelu_tanh>>>>,
          named<"final_norm", layer_norm<>>, tied_head> {};
struct llama_7b : llama<llama_config{}> {};

template <class Plan> constexpr bool is_tight(index_type elements) {
  return Plan::value.arena[0] == elements && Plan::value.live_bound == elements;
}
template <class M, index_type Tokens>
using training_plan = plan_of<M, training_with<causal_language_model, tokens<Tokens>>>;

// Decoding: the widest point of a block is the hidden layer beside its input or output and the stream.
static_assert(is_tight<plan_of<gpt2_124m, decoding_with<tokens<64>>>>(6 * 64 * 768));
static_assert(is_tight<plan_of<gpt2_124m_of_one_layer, decoding_with<tokens<64>>>>(6 * 64 * 768),
              "depth costs no arena");
static_assert(plan_of<gpt2_124m, decoding_with<tokens<64>>>::value.state == 12 * 2 * 1024 * 768, "keys and values");
static_assert(is_tight<plan_of<gpt2_124m, evaluating_with<tokens<64>>>>(64 * (768 + 50257)), "the logits of all rows");
static_assert(is_tight<plan_of<llama_7b, decoding_with<tokens<64>>>>(64 * (4096 + 3 * 11008 + 128)),
              "stream, gate, up and their product, rotary table");
static_assert(plan_of<llama_7b, decoding_with<tokens<64>>>::value.state == std::int64_t{32} * 2 * 2048 * 4096);

// Training at 512 tokens: what walk_back reads is kept for each of the 12 blocks, or only the stream by checkpoints.
static_assert(is_tight<training_plan<gpt2_124m, 512>>(80'091'201));
static_assert(is_tight<training_plan<checkpointed_gpt2_124m, 512>>(12'984'321));

}  // namespace

TEST_CASE("keeps less than a sixth of the training arena under checkpoint, with the same parameters") {
  using kept = training_plan<gpt2_124m, 512>;
  using walked_again = training_plan<checkpointed_gpt2_124m, 512>;
  CHECK(6 * walked_again::value.arena[0] < kept::value.arena[0]);
  CHECK(walked_again::value.parameters == kept::value.parameters);
  CHECK(kept::value.parameters == 124'439'808);
}

TEST_CASE("plans no arena of another scalar type") {
  CHECK(training_plan<gpt2_124m, 512>::value.arena[int(arena_of::int32)] == 0);
  CHECK(plan_of<llama_7b, decoding_with<tokens<64>>>::value.arena[int(arena_of::int8)] == 0);
}

}  // namespace typeformer
