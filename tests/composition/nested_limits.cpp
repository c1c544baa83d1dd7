// SPDX-License-Identifier: BSL-1.0
// A model's context, segments and positions are those of the layers inside it, at any depth.
#include <support/catch.hpp>
#include <typeformer/types.hpp>

namespace typeformer {
namespace {

using embedding = token_embedding<vocabulary<11>, width<8>>;
template <class Mask> using block = pre_norm_block<self_attention<heads<2>, Mask>, feed_forward<16, gelu_tanh>>;
template <class... Layers> struct decoder_of : decoder_only<embedding, Layers..., tied_head> {};
template <class... Layers> struct encoder_of : encoder_only<embedding, Layers..., block<bidirectional>> {};

}  // namespace

TEST_CASE("takes the shortest table of positions as a model's context") {
  STATIC_REQUIRE(
      decoder_of<learned_positions<context<4>>, relative_position_bias<context<8>, heads<2>>, block<causal>>::context ==
      4);
  STATIC_REQUIRE(
      decoder_of<learned_positions<context<8>>, relative_position_bias<context<4>, heads<2>>, block<causal>>::context ==
      4);
}

TEST_CASE("finds the limits that layers inside compositions declare") {
  using positions = learned_positions<context<4>>;
  STATIC_REQUIRE(decoder_of<named<"a", positions>, block<causal>>::context == 4);
  STATIC_REQUIRE(
      decoder_of<sinusoidal_positions<context<8>>, repeat<2, sequential<positions, block<causal>>>>::context == 4);
  STATIC_REQUIRE(decoder_of<checkpoint<positions, block<causal>>>::context == 4);
  STATIC_REQUIRE(decoder_of<parallel<positions, linear<8>>, block<causal>>::context == 4);
  STATIC_REQUIRE(Model<decoder_of<residual<positions>, block<causal>>>);
  STATIC_REQUIRE(encoder_of<positions, sequential<segment_embedding<segments<3>>, layer_norm<>>>::segments == 3);
  STATIC_REQUIRE(encoder_of<positions, residual<segment_embedding<>>, segment_embedding<segments<3>>>::segments == 2);
}

TEST_CASE("needs a row for positions below 0 in every table") {
  using with_row = learned_positions<context<4>, first_position_row<2>>;
  STATIC_REQUIRE(encoder_of<sequential<with_row>>::lowest_position == -2);
  STATIC_REQUIRE(encoder_of<with_row, learned_positions<context<4>>>::lowest_position == 0);
}

}  // namespace typeformer
