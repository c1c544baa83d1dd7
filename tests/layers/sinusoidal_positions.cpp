// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <vector>

#include <laws/check_verdict.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/composition/decoder_only.hpp>
#include <typeformer/composition/encoder_only.hpp>
#include <typeformer/composition/repeat.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/language_model_head.hpp>
#include <typeformer/layers/self_attention.hpp>
#include <typeformer/layers/sinusoidal_positions.hpp>
#include <typeformer/layers/token_embedding.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/forward_pass.hpp>
#include <typeformer/session/session.hpp>

namespace typeformer {
namespace {

using laws::check_verdict, laws::examine_layer, laws::examine_model;

template <class Attention> using one_block = repeat<2, post_norm_block<Attention, feed_forward<12, gelu_tanh>>>;
struct sinusoidal_decoder : decoder_only<token_embedding<vocabulary<11>, width<8>>, sinusoidal_positions<context<8>>,
                                         one_block<self_attention<heads<2>, causal>>, tied_head> {};
struct tokens_and_positions
    : encoder_only<token_embedding<vocabulary<11>, width<8>>, sinusoidal_positions<context<8>>> {};

TEST_CASE("obeys the laws: sinusoidal_positions") {
  check_verdict(examine_layer<sinusoidal_positions<context<8>>, 6>());
  check_verdict(examine_layer<sinusoidal_positions<context<8>, theta<50.0>>, 2>());
  check_verdict(examine_layer<sinusoidal_positions<context<8>, theta<50.0>, sines_before_cosines>, 6>());
}
TEST_CASE("obeys the laws: a decoder with sinusoidal positions") { check_verdict(examine_model<sinusoidal_decoder>()); }

TEST_CASE("adds the sinusoids of each token's position, without parameters") {
  static_assert(layout_of<tokens_and_positions>.parameters == 11 * 8);
  parameters<tokens_and_positions> table;
  for (index_type i = 0; i < table.size(); ++i) table.data()[i] = 0;
  const weights<tokens_and_positions> values{table};
  forward_pass<tokens_and_positions, batch<2>> forward{values};
  const std::vector<std::int32_t> ids{3, 1, 4, 1, 5};
  const std::vector<std::span<const std::int32_t>> two{std::span{ids}, std::span{ids}.first(3)};
  const auto y = forward.run(std::span<const std::span<const std::int32_t>>{two});
  REQUIRE(y);
  for (index_type row = 0; row < 8; ++row)
    for (index_type i = 0; i < 8; ++i) {
      const double angle = double(row < 5 ? row : row - 5) / std::pow(10000.0, double(i / 2 * 2) / 8);
      CHECK(std::abs(double((*y)[row][i]) - (i % 2 ? std::cos(angle) : std::sin(angle))) < 1e-7);
    }
}

TEST_CASE("uses each token's position in a session that decodes token by token") {
  const weights<sinusoidal_decoder> values{testing::random_parameters<sinusoidal_decoder>(4)};
  const std::vector<std::int32_t> ids{3, 1, 4, 1, 5, 9, 2, 6};
  forward_pass<sinusoidal_decoder> forward{values};
  const auto all = forward.run(std::span{ids});
  REQUIRE(all);
  session<sinusoidal_decoder> run{values};
  for (std::size_t i = 0; i < ids.size(); ++i) {
    REQUIRE(run.decode(ids[i]));
    for (index_type k = 0; k < 11; ++k)
      CHECK(std::abs((*run.logits(0))[std::size_t(k)] - (*all)[index_type(i)][k]) < 1e-5f);
  }
}

}  // namespace
}  // namespace typeformer
