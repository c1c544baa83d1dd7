// SPDX-License-Identifier: BSL-1.0
#include <support/catch.hpp>

#include <typeformer/contract/uses.hpp>
#include <typeformer/inspection/flops.hpp>
#include <typeformer/layers/execution/all.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/models/llama.hpp>
#include <typeformer/objectives/learner.hpp>

namespace {

using namespace typeformer;

struct gpt2_small : gpt2<gpt2_config{}> {};
struct gpt2_xl : gpt2<gpt2_config{.layers = 48, .width = 1600, .heads = 25}> {};
struct grouped_llama
    : llama<llama_config{
          .layers = 2, .width = 64, .heads = 8, .key_value_heads = 2, .hidden = 96, .vocabulary = 100, .context = 64}> {
};

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

static_assert(flops<gpt2_small, evaluating_with<prompt<64>>> == by_hand({}, 64, 64));
static_assert(flops<gpt2_small, evaluating_with<prompt<1024>>> == by_hand({}, 1024, 1024));
static_assert(flops<gpt2_small, decoding_with<prompt<64>>> == by_hand({}, 64, 1), "a prompt's head runs for one row");
static_assert(flops<gpt2_xl, evaluating> == by_hand({.layers = 48, .width = 1600, .heads = 25}, 1024, 1024));
static_assert(flops<gpt2_small, evaluating_with<batch<3>, prompt<64>>> == 3 * by_hand({}, 64, 64));

}  // namespace

TEST_CASE("the counter adds up what a GPT-2 costs, in 64 bits") {
  CHECK(flops<gpt2_xl, evaluating> > std::int64_t{3} * 1000 * 1000 * 1000 * 1000);
  CHECK(flops<gpt2_small, evaluating_with<prompt<64>>> == by_hand({}, 64, 64));
}

TEST_CASE("grouped queries cost what their projection and their rotation cost") {
  constexpr std::int64_t tokens = 32, width = 64, head = 8, hidden = 96;
  constexpr std::int64_t attention =
      2 * tokens * width * (2 * 8 + 2 * 2) * head + 3 * tokens * (8 + 2) * head + 4 * width * tokens * (tokens + 1) / 2;
  constexpr std::int64_t feed_forward = 3 * 2 * tokens * width * hidden + 9 * tokens * hidden;
  constexpr std::int64_t norms_and_sums = 2 * (4 + 1) * tokens * width;
  CHECK(flops<grouped_llama, evaluating_with<prompt<32>>> == 2 * (attention + feed_forward + norms_and_sums) +
                                                                 tokens * head /* rotary table */ + 4 * tokens * width +
                                                                 2 * tokens * width * 100);
}

TEST_CASE("training costs three times the products of a forward pass") {
  constexpr double forward = double(flops<gpt2_small, evaluating_with<prompt<512>>>);
  constexpr double training = double(flops<gpt2_small, training_with<causal_language_model, prompt<512>>>);
  CHECK(training / forward == Approx(3).epsilon(0.01));
}
