// SPDX-License-Identifier: BSL-1.0
// A bias of distances in every block, as umT5 has, instead of one that the blocks share.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <laws/check_verdict.hpp>
#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/typeformer.hpp>

using namespace typeformer;
using laws::check_verdict, laws::examine_model;

namespace {

template <class Direction>
using bias = relative_position_bias<context<8>, heads<2>, buckets<6>, maximum_distance<5>, Direction>;
template <class Direction>
using block =
    sequential<bias<Direction>,
               pre_norm_block<self_attention<heads<2>, Direction, score_scale<1.0>>, feed_forward<12, gelu_tanh>>>;
using decoder_block =
    sequential<bias<causal>, pre_norm_decoder_block<self_attention<heads<2>, causal>, cross_attention<heads<2>>,
                                                    feed_forward<12, gelu_tanh>>>;

using table = token_embedding<vocabulary<11>, width<8>>;
struct biased_decoder : decoder_only<table, repeat<3, block<causal>>, tied_head> {};
struct recomputed_decoder : decoder_only<table, repeat<3, checkpoint<block<causal>>>, tied_head> {};
struct biased_encoder : encoder_only<table, repeat<3, block<bidirectional>>, mean_pooling, classifier<3>> {};
struct biased_pair
    : encoder_decoder<table, encoder<repeat<2, block<bidirectional>>>, decoder<repeat<3, decoder_block>, tied_head>> {};

}  // namespace

TEST_CASE("obeys the laws: a decoder whose blocks have biases of their own") {
  check_verdict(examine_model<biased_decoder>());
  check_verdict(examine_model<recomputed_decoder>());
}
TEST_CASE("obeys the laws: an encoder whose blocks have biases of their own") {
  check_verdict(examine_model<biased_encoder, sequence_classification>());
}
TEST_CASE("obeys the laws: an encoder-decoder whose blocks have biases of their own") {
  check_verdict(examine_model<biased_pair>(), {.decoding = 18});
}

TEST_CASE("has one table of biases for each block") {
  int tables = 0;
  for_each_tensor(layout_of<biased_decoder>, [&](const parameter_tensor& tensor) {
    const std::string name{tensor.name().view()};
    if (name.ends_with("position_bias.weight"))
      CHECK(name == "blocks." + std::to_string(tables++) + ".position_bias.weight");
  });
  CHECK(tables == 3);
}

TEST_CASE("decodes with biases of blocks as in one pass") {
  const weights<biased_decoder> values{testing::random_parameters<biased_decoder>(4)};
  const std::vector<std::int32_t> ids{3, 1, 4, 1, 5, 9, 2, 6};
  forward_pass<biased_decoder> forward{values};
  const auto all = forward.run(std::span{ids});
  REQUIRE(all);
  session<biased_decoder> run{values};
  for (std::size_t i = 0; i < ids.size(); ++i) {
    REQUIRE(run.decode(ids[i]));
    for (index_type k = 0; k < 11; ++k)
      CHECK((*run.logits(0))[std::size_t(k)] == Approx((*all)[index_type(i)][k]).margin(1e-5));
  }
}
