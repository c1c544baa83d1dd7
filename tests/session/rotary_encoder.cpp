// SPDX-License-Identifier: BSL-1.0
#include <support/catch.hpp>

#include <algorithm>
#include <array>
#include <vector>

#include <typeformer/typeformer.hpp>

namespace {

namespace tf = typeformer;

using words = tf::token_embedding<tf::vocabulary<11>, tf::width<8>>;
using rotary = tf::rotary_positions<tf::context<6>, tf::rotary_width<4>>;
using block = tf::pre_norm_block<tf::self_attention<tf::heads<2>, tf::bidirectional>, tf::feed_forward<12, tf::relu>>;

struct encoder_alone : tf::encoder_only<words, rotary, tf::repeat<2, block>> {};
struct encoder_and_decoder
    : tf::encoder_decoder<words, tf::encoder<rotary, tf::repeat<2, block>>,
                          tf::decoder<tf::learned_positions<tf::context<6>>,
                                      tf::residual<tf::cross_attention<tf::heads<2>>>, tf::tied_head>> {};

}  // namespace

TEST_CASE("rotates an encoder's queries and keys by the positions of the source, not by those of the target") {
  tf::parameters<encoder_and_decoder> both;
  tf::initialize(both, tf::philox{3});
  for (tf::index_type i = 0; i < both.size(); ++i) both.data()[i] += 0.1f * float(i % 5);
  tf::parameters<encoder_alone> alone;
  std::copy_n(both.data(), alone.size(), alone.data());
  const tf::weights<encoder_and_decoder> weights{both};
  const tf::weights<encoder_alone> weights_alone{alone};

  const std::array<std::int32_t, 5> source{4, 9, 1, 7, 2};
  const std::array<std::int32_t, 2> target{3, 8};
  const std::array<std::uint8_t, 5> valid{1, 1, 1, 1, 1};
  std::vector<std::vector<float>> seen;
  const auto keep = [&](tf::observation what, tf::loop_place, auto rows, tf::index_type width) {
    if (what == tf::observation::final_hidden_state) seen.emplace_back(rows.data, rows.data + rows.rows * width);
  };
  tf::forward_pass<encoder_and_decoder, tf::observing> run{weights};
  REQUIRE(run.run(tf::padded_tokens{source, valid, 5}, tf::padded_tokens{target, std::span{valid}.first(2), 2}, keep));
  tf::forward_pass<encoder_alone> run_alone{weights_alone};
  const auto states = run_alone.run(source);
  REQUIRE(states);

  REQUIRE(seen.size() == 2);  // the encoder's states, and the input of the head
  REQUIRE(seen[0].size() == 5 * 8);
  for (std::size_t i = 0; i < seen[0].size(); ++i) CHECK(seen[0][i] == Approx((*states)[0][i]).margin(1e-5));
}
