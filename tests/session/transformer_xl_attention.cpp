// SPDX-License-Identifier: BSL-1.0
#include <laws/models.hpp>
#include <support/catch.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/layers/relative_positions.hpp>
#include <typeformer/layers/transformer_xl_attention.hpp>
#include <typeformer/parameters/initialize.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/forward_pass.hpp>
#include <typeformer/session/session.hpp>

using namespace typeformer;

namespace {

template <class Mask>
struct knows_distances
    : decoder_only<token_embedding<vocabulary<11>, width<8>>, relative_positions<context<16>>,
                   repeat<2, pre_norm_block<transformer_xl_attention<heads<2>, Mask>, feed_forward<12, gelu_tanh>>>,
                   tied_head> {};

/// The greatest difference of the last token's logits if a session reads a text of that length at once.
template <class M> float difference_of_a_prompt(std::size_t length) {
  parameters<M> values;
  initialize(values, philox{1, 1});
  for (typeformer::index_type i = 0; i < values.size(); ++i) values.data()[i] *= 20;  // so that scores have an effect
  const weights<M> packed{values};
  session<M, tokens<16>> reads{packed};
  forward_pass<M> sees{packed};
  std::vector<std::int32_t> ids;
  for (std::size_t i = 0; i < length; ++i) ids.push_back(std::int32_t(i * i % 11));
  const auto read = reads.prefill(ids);
  const auto seen = sees.run(ids);
  REQUIRE(read);
  REQUIRE(seen);
  float worst = 0;
  for (std::size_t i = 0; i < 11; ++i)
    worst = std::max(worst, std::abs((*read)[i] - (*seen)[typeformer::index_type(length) - 1][i]));
  return worst;
}

}  // namespace

TEST_CASE("computes for a whole prompt what evaluation computes: a session's transformer_xl_attention") {
  for (const std::size_t length : {1u, 2u, 9u, 16u}) {
    CHECK(difference_of_a_prompt<knows_distances<causal>>(length) < 2e-5f);
  }
}
TEST_CASE("sees later tokens: bidirectional transformer_xl_attention") {
  const auto first_logits = []<class M>(std::type_identity<M>, std::int32_t last) {
    parameters<M> values;
    initialize(values, philox{1, 1});
    const weights<M> packed{values};
    forward_pass<M> sees{packed};
    const std::int32_t ids[] = {1, 2, last};
    const auto seen = sees.run(std::span<const std::int32_t>(ids));
    REQUIRE(seen);
    return std::vector<float>((*seen)[0], (*seen)[1]);
  };
  using causal_type = std::type_identity<knows_distances<causal>>;
  using both_type = std::type_identity<knows_distances<bidirectional>>;
  CHECK(first_logits(causal_type{}, 3) == first_logits(causal_type{}, 4));
  CHECK(first_logits(both_type{}, 3) != first_logits(both_type{}, 4));
}
