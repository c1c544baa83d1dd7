// SPDX-License-Identifier: BSL-1.0
#include <laws/check_verdict.hpp>
#include <laws/models.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/layers/relative_positions.hpp>
#include <typeformer/layers/shaw_attention.hpp>
#include <typeformer/session/forward_pass.hpp>
#include <typeformer/session/session.hpp>

using namespace typeformer;
using namespace typeformer::laws;

namespace {

struct shaw_model
    : decoder_only<
          token_embedding<vocabulary<11>, width<8>>, relative_positions<context<12>>,
          repeat<2, pre_norm_block<shaw_attention<heads<2>, causal, maximum_distance<3>>, feed_forward<12, gelu_tanh>>>,
          named<"final_norm", layer_norm<>>, tied_head> {};

}  // namespace

TEST_CASE("obeys the laws: causal shaw_attention") {
  check_verdict(examine_layer<shaw_attention<heads<2>, causal, maximum_distance<2>>, 8>());
}
TEST_CASE("obeys the laws: bidirectional shaw_attention without bias, with its own head width") {
  check_verdict(
      examine_layer<
          shaw_attention<heads<2>, head_width<3>, bidirectional, without_bias, maximum_distance<1>, score_scale<0.8>>,
          8, laws::sees_later_tokens>());
}
TEST_CASE("obeys the laws: a model with Shaw's relative positions") { check_verdict(examine_model<shaw_model>()); }

TEST_CASE("decodes what it evaluates: a model with Shaw's relative positions") {
  const auto values = testing::random_parameters<shaw_model>(7);
  weights<shaw_model> packed;
  packed.pack(values.data());
  session<shaw_model, tokens<4>> decoding{packed};
  forward_pass<shaw_model> evaluating{packed};
  const std::vector<std::int32_t> ids{1, 4, 9, 3, 10, 0, 7, 2, 2, 5};
  REQUIRE(decoding.prefill(std::span(ids).first(6)));
  for (std::size_t i = 6; i < ids.size(); ++i) {
    REQUIRE(decoding.decode(ids[i]));
    const auto all = evaluating.run(std::span(ids).first(i + 1));
    REQUIRE(all);
    for (std::size_t id = 0; id < 11; ++id)
      CHECK((*decoding.logits(0))[id] == Approx((*all)[typeformer::index_type(i)][id]).epsilon(1e-4).margin(1e-5));
  }
}
