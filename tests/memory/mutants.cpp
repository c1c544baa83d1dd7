// SPDX-License-Identifier: BSL-1.0
// Plans that break one rule of the planner: the shadow memory must notice, or it proves nothing.
#include <support/catch.hpp>

#include <laws/models.hpp>
#include <laws/planner_mutants.hpp>
#include <typeformer/laws/examine_model.hpp>

namespace typeformer::laws {
namespace {

/// The rotary table is read early in each block; the hidden layer, later, is wide enough to fill its place.
struct wide_model
    : decoder_only<token_embedding<vocabulary<11>, width<8>>, rotary_positions<context<8>, rotary_width<8>>,
                   repeat<3, pre_norm_block<self_attention<heads<1>, causal>, feed_forward<48, gelu_tanh>>>,
                   named<"final_norm", layer_norm<>>, tied_head> {};

using training = objective_walk<wide_model, causal_language_model>;
using inference = forward_walk<wide_model>;

}  // namespace

TEST_CASE("finds no mistake in the planner's plans") {
  CHECK(watch_memory<training, law_training>().errors() == 0);
  CHECK(watch_memory<inference, law_decoding>().errors() == 0);
}

TEST_CASE("notices every broken rule of the planner in decoding") {
  const mutant_errors broken = watch_mutants<inference, law_decoding>();
  CHECK(broken.short_lived_outer_buffers > 0);
  CHECK(broken.overlapping > 0);
}

TEST_CASE("notices every broken rule of the planner in training") {
  const mutant_errors broken = watch_mutants<training, law_training>();
  CHECK(broken.forgotten_slots > 0);
  CHECK(broken.overlapping > 0);
}

}  // namespace typeformer::laws
