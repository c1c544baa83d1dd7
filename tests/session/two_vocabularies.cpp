// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <vector>

#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/forward_pass.hpp>
#include <typeformer/session/session.hpp>
#include <typeformer/types.hpp>

namespace typeformer {
namespace {

struct translator
    : encoder_decoder<
          source_and_target<token_embedding<vocabulary<23>, width<12>>, token_embedding<vocabulary<11>, width<8>>>,
          encoder<learned_positions<context<8>>,
                  pre_norm_block<self_attention<heads<2>, bidirectional>, feed_forward<16, relu>>>,
          decoder<learned_positions<context<8>>,
                  pre_norm_decoder_block<self_attention<heads<2>, causal>, cross_attention<heads<2>>,
                                         feed_forward<16, relu>>,
                  tied_head>> {};

using ids = std::vector<std::int32_t>;
constexpr auto outside = inference_error::problem::id_outside_vocabulary;

}  // namespace

TEST_CASE("checks source and target against their own vocabularies in a session") {
  const weights<translator> values{testing::random_parameters<translator>(9)};
  session<translator> run{values};
  const auto rejected = run.read(std::span<const std::int32_t>{ids{22, 23}});
  REQUIRE_FALSE(rejected);
  CHECK(rejected.error().what == outside);
  CHECK(rejected.error().got == 23);
  CHECK(rejected.error().limit == 23);
  REQUIRE(run.read(std::span<const std::int32_t>{ids{22, 0, 11}}));
  const auto target = run.prefill(ids{1, 11});
  REQUIRE_FALSE(target);
  CHECK(target.error().what == outside);
  CHECK(target.error().limit == 11);
  const auto logits = run.prefill(ids{1, 10});
  REQUIRE(logits);
  CHECK(logits->size() == 11);
}

TEST_CASE("decodes with two vocabularies what it evaluates") {
  const weights<translator> values{testing::random_parameters<translator>(10)};
  const ids source{22, 0, 11, 5}, target{1, 10, 3};
  const std::vector<std::uint8_t> all_source(4, 1), all_target(3, 1);
  forward_pass<translator> forward{values};
  const auto expected = forward.run(padded_tokens{source, all_source, 4}, padded_tokens{target, all_target, 3});
  REQUIRE(expected);
  session<translator> run{values};
  REQUIRE(run.read(std::span<const std::int32_t>{source}));
  for (std::size_t i = 0; i < target.size(); ++i) {
    const auto got = run.prefill(ids{target[i]});
    REQUIRE(got);
    for (std::size_t k = 0; k < 11; ++k) CHECK(std::abs((*got)[k] - (*expected)[index_type(i)][k]) < 1e-5f);
  }
  const ids unknown{23, 0, 11, 5};
  const auto rejected = forward.run(padded_tokens{unknown, all_source, 4}, padded_tokens{target, all_target, 3});
  REQUIRE_FALSE(rejected);
  CHECK(rejected.error().what == outside);
}

}  // namespace typeformer
