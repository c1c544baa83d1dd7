// SPDX-License-Identifier: BSL-1.0
#include <support/catch.hpp>

#include <typeformer/composition/encoder_decoder.hpp>
#include <typeformer/contract/uses.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/inspection/flops.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/cross_attention.hpp>
#include <typeformer/layers/learned_positions.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/models/llama.hpp>
#include <typeformer/objectives/training_pass.hpp>

namespace {

using namespace typeformer;

struct gpt2_small : gpt2<gpt2_config{}> {};
struct gpt2_xl : gpt2<gpt2_config{.layers = 48, .width = 1600, .heads = 25}> {};
struct grouped_llama
    : llama<llama_config{
          .layers = 2, .width = 64, .heads = 8, .key_value_heads = 2, .hidden = 96, .vocabulary = 100, .context = 64}> {
};

template <class... Options>
using reader = encoder_decoder<
    token_embedding<vocabulary<100>, width<64>>, encoder<learned_positions<context<64>>>,
    decoder<learned_positions<context<64>>, cross_attention<heads<8>, head_width<4>, Options...>, tied_head>>;
struct reader_of_all : reader<> {};
struct reader_up_to_itself : reader<causal> {};

/// The products of a GPT-2 by hand: 2 · rows · inputs · outputs for every matrix, 4 · width for every pair of a query
/// and a key that it sees; `pointwise` per row and column for norms, activations, sums.
constexpr std::int64_t by_hand(gpt2_config c, std::int64_t tokens, std::int64_t rows_with_logits) {
  const std::int64_t width = c.width, hidden = 4 * width;
  const std::int64_t attention = 2 * tokens * width * 4 * width + 4 * width * tokens * (tokens + 1) / 2;
  const std::int64_t feed_forward = 2 * 2 * tokens * width * hidden + 8 * tokens * hidden;
  const std::int64_t norms_and_sums = 2 * (8 + 1) * tokens * width;
  return c.layers * (attention + feed_forward + norms_and_sums) + tokens * width /* positions */ +
         8 * tokens * width /* final norm */ + 2 * rows_with_logits * width * c.vocabulary;
}

static_assert(flops<gpt2_small, evaluating_with<tokens<64>>> == by_hand({}, 64, 64));
static_assert(flops<gpt2_small, evaluating_with<tokens<1024>>> == by_hand({}, 1024, 1024));
static_assert(flops<gpt2_small, decoding_with<tokens<64>>> == by_hand({}, 64, 1), "a prompt's head runs for one row");
static_assert(flops<gpt2_xl, evaluating> == by_hand({.layers = 48, .width = 1600, .heads = 25}, 1024, 1024));
static_assert(flops<gpt2_small, evaluating_with<batch<3>, tokens<64>>> == 3 * by_hand({}, 64, 64));

}  // namespace

TEST_CASE("adds up the operations of a GPT-2 in 64 bits") {
  CHECK(flops<gpt2_xl, evaluating> > std::int64_t{3} * 1000 * 1000 * 1000 * 1000);
  CHECK(flops<gpt2_small, evaluating_with<tokens<64>>> == by_hand({}, 64, 64));
}

TEST_CASE("counts the projection and the rotation of grouped queries") {
  constexpr std::int64_t tokens = 32, width = 64, head = 8, hidden = 96;
  constexpr std::int64_t attention =
      2 * tokens * width * (2 * 8 + 2 * 2) * head + 3 * tokens * (8 + 2) * head + 4 * width * tokens * (tokens + 1) / 2;
  constexpr std::int64_t feed_forward = 3 * 2 * tokens * width * hidden + 9 * tokens * hidden;
  constexpr std::int64_t norms_and_sums = 2 * (4 + 1) * tokens * width;
  CHECK(flops<grouped_llama, evaluating_with<typeformer::tokens<32>>> ==
        2 * (attention + feed_forward + norms_and_sums) + tokens * head /* rotary table */ + 4 * tokens * width +
            2 * tokens * width * 100);
}

TEST_CASE("counts the visible pairs of attention to a source") {
  const auto by_hand = [](std::int64_t tokens, std::int64_t source, std::int64_t pairs) {
    constexpr std::int64_t width = 64, inner = 8 * 4;
    return (tokens + source) * width /* positions */ + 2 * width * inner * (2 * tokens + 2 * source) +
           4 * inner * pairs + 2 * tokens * width * 100;
  };
  CHECK(flops<reader_of_all, evaluating_with<tokens<32>, source<20>>> == by_hand(32, 20, 32 * 20));
  CHECK(flops<reader_up_to_itself, evaluating_with<tokens<20>, source<32>>> == by_hand(20, 32, 20 * 21 / 2));
  CHECK(flops<reader_up_to_itself, evaluating_with<tokens<32>, source<20>>> == by_hand(32, 20, 20 * 21 / 2 + 12 * 20));
  CHECK(flops<reader_up_to_itself, evaluating_with<batch<3>, tokens<32>, source<32>>> ==
        3 * by_hand(32, 32, 32 * 33 / 2));
}

TEST_CASE("counts training as three times the products of a forward pass") {
  constexpr double forward = double(flops<gpt2_small, evaluating_with<tokens<512>>>);
  constexpr double training = double(flops<gpt2_small, training_with<causal_language_model, tokens<512>>>);
  CHECK(training / forward == Approx(3).epsilon(0.01));
}
