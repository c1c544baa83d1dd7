// SPDX-License-Identifier: BSL-1.0
#include <typeformer/typeformer.hpp>

#include "support/catch.hpp"

namespace tf = typeformer;

// clang-format off
struct my_gpt : tf::decoder_only<                        // a named struct: short symbols, short errors
    tf::token_embedding<tf::vocabulary<512>, tf::width<64>>,
    tf::learned_positions<tf::context<128>>,
    tf::repeat<4, tf::pre_norm_block<
        tf::self_attention<tf::heads<4>, tf::causal>,
        tf::feed_forward<256, tf::gelu_tanh>>>,
    tf::layer_norm<>,
    tf::tied_head> {};
// clang-format on

static_assert(tf::parameter_count<my_gpt> == 241'024);                        // exact, 64 bit
static_assert(tf::footprint<my_gpt, tf::decoding>::ram_bytes <= 360 * 1024);  // activations, keys and values, input
static_assert(tf::footprint<my_gpt, tf::decoding>::flash_bytes <= 1024 * 1024);
// A prompt that is read in pieces of 16 tokens needs less.
static_assert(tf::footprint<my_gpt, tf::decoding_with<tf::tokens<16>>>::ram_bytes <= 300 * 1024);

TEST_CASE("runs the first example in exactly the memory that it states") {
  static float flash[std::size_t(tf::parameter_count<my_gpt>)];
  static_assert(sizeof(flash) == tf::footprint<my_gpt, tf::decoding>::weights_bytes);
  for (std::size_t i = 0; i < std::size(flash); ++i) flash[i] = float(i % 17) / 64 - 0.125f;
  const tf::canonical_weights<my_gpt> weights{flash};

  using session = tf::session<my_gpt, tf::reads<tf::canonical>, tf::storage::in_place>;
  static_assert(sizeof(session) == tf::footprint<my_gpt, tf::decoding>::ram_bytes);
  static session run{weights};

  const std::int32_t prompt[] = {1, 2, 3};
  const auto logits = run.prefill(prompt);
  REQUIRE(logits);
  CHECK(logits->size() == 512);
  REQUIRE(run.decode(4));
  CHECK(run.length() == 4);
}
