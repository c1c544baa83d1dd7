// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/foundation/philox.hpp>
#include <typeformer/generation/generate.hpp>
#include <typeformer/generation/generate_batch.hpp>
#include <typeformer/generation/greedy.hpp>
#include <typeformer/models/bloom.hpp>
#include <typeformer/models/gptj.hpp>
#include <typeformer/models/llama.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/forward_pass.hpp>
#include <typeformer/session/session.hpp>

using namespace typeformer;
using namespace typeformer::testing;

namespace {

// In a model of one layer, keys and values depend on their token alone: what a session says after tokens were dropped is
// what a pass over those that stay says.
constexpr index_type vocabulary_size = 19;
constexpr llama_config of_llama{.layers = 1,
                                .width = 16,
                                .heads = 4,
                                .key_value_heads = 2,
                                .hidden = 24,
                                .vocabulary = vocabulary_size,
                                .context = 64};
constexpr llama_config adjacent_of_llama{.layers = 1,
                                         .width = 16,
                                         .heads = 2,
                                         .hidden = 24,
                                         .vocabulary = vocabulary_size,
                                         .context = 64,
                                         .turns_adjacent_pairs = true};
struct half_split : llama<of_llama> {};
struct adjacent : llama<adjacent_of_llama> {};
struct with_amplitude : llama<of_llama, silu, yarn_frequencies<4.0, 16, 32.0, 1.0>> {};
struct rotates_a_part
    : gptj<gptj_config{
          .layers = 1, .width = 24, .heads = 2, .rotary_width = 4, .vocabulary = vocabulary_size, .context = 64}> {};
struct biased_by_distance
    : bloom<bloom_config{.layers = 1, .width = 16, .heads = 4, .vocabulary = vocabulary_size, .context = 64}> {};

/// The first `sinks` tokens of a text and the newest, `length` in all.
std::vector<std::int32_t> kept_of(const std::vector<std::int32_t>& text, index_type sinks, index_type length) {
  if (index_type(text.size()) <= length) return text;
  std::vector<std::int32_t> kept(text.begin(), text.begin() + sinks);
  kept.insert(kept.end(), text.end() - (length - sinks), text.end());
  return kept;
}

template <class M, index_type Sinks> void check_dropping(index_type calls) {
  constexpr index_type most = 20, at_once = 4;
  const weights<M> packed{random_parameters<M>(3)};
  session<M, batch<2>, tokens<at_once>, context<most>, attention_sinks<Sinks>> run{packed};
  forward_pass<M> whole{packed};
  std::mt19937 generator{5};
  std::array<std::vector<std::int32_t>, 2> texts;
  bool dropped = false;
  for (index_type call = 0; call < calls; ++call) {
    // A call of more than four tokens needs several passes.
    const std::array prompts{random_ids(generator, index_type(generator() % 3), vocabulary_size),
                             random_ids(generator, 1 + index_type(generator() % 6), vocabulary_size)};
    const std::array<std::span<const std::int32_t>, 2> given{prompts[0], prompts[1]};
    REQUIRE(run.prefill(given));
    for (std::size_t s = 0; s < 2; ++s) {
      texts[s].insert(texts[s].end(), prompts[s].begin(), prompts[s].end());
      const index_type length = *run.length(index_type(s));
      REQUIRE(length <= most);
      dropped = dropped || length < index_type(texts[s].size());
      if (length < index_type(texts[s].size())) REQUIRE(length > most - 8);
      if (prompts[s].empty()) continue;
      const std::vector<std::int32_t> kept = kept_of(texts[s], Sinks, length);
      const auto expected = whole.run(kept);
      REQUIRE(expected);
      const auto logits = run.logits(index_type(s));
      REQUIRE(logits);
      for (index_type v = 0; v < vocabulary_size; ++v)
        REQUIRE((*logits)[std::size_t(v)] == Approx((*expected)[length - 1][v]).margin(1e-4).epsilon(1e-4));
    }
  }
  CHECK(dropped);
}

}  // namespace

TEST_CASE("drops the oldest tokens after the attention sinks", "[session][attention_sinks]") {
  SECTION("of rotated halves") { check_dropping<half_split, 3>(150); }
  SECTION("of rotated neighbors") { check_dropping<adjacent, 1>(150); }
  SECTION("with an amplitude of the angles") { check_dropping<with_amplitude, 16>(150); }
  SECTION("of heads that are rotated in part") { check_dropping<rotates_a_part, 2>(150); }
  SECTION("with a bias by distance") { check_dropping<biased_by_distance, 4>(150); }
  SECTION("without sinks") { check_dropping<half_split, 0>(150); }
}

TEST_CASE("keeps its precision in a long text", "[session][attention_sinks]") { check_dropping<half_split, 4>(4000); }

TEST_CASE("a sequence continues from another one that dropped tokens", "[session][attention_sinks]") {
  const weights<half_split> packed{random_parameters<half_split>(3)};
  session<half_split, batch<2>, tokens<4>, context<20>, attention_sinks<3>> run{packed};
  forward_pass<half_split> whole{packed};
  std::mt19937 generator{7};
  std::vector<std::int32_t> text = random_ids(generator, 90, vocabulary_size);
  const std::array<std::span<const std::int32_t>, 2> given{text, std::span{text}.first(1)};
  REQUIRE(run.prefill(given));
  const std::array<index_type, 2> parents{0, 0};
  REQUIRE(run.reorder(parents));
  const std::array<std::int32_t, 2> next{no_token, 5};
  REQUIRE(run.decode(next));
  text.push_back(5);
  const index_type length = *run.length(1);
  const auto expected = whole.run(kept_of(text, 3, length));
  REQUIRE(expected);
  for (index_type v = 0; v < vocabulary_size; ++v)
    CHECK((*run.logits(1))[std::size_t(v)] == Approx((*expected)[length - 1][v]).margin(1e-4).epsilon(1e-4));
}

TEST_CASE("generates more tokens than the context has", "[session][attention_sinks]") {
  const weights<half_split> packed{random_parameters<half_split>(3)};
  session<half_split, batch<2>, tokens<4>, context<20>, attention_sinks<3>> both{packed};
  session<half_split, tokens<4>, context<20>, attention_sinks<3>> one{packed};
  const std::array<std::int32_t, 3> prompt{1, 2, 3};
  const generation_request request{.prompt = prompt, .max_tokens = 100};
  philox unused{1};
  std::vector<std::int32_t> alone, beside;
  const auto text = generate(one, request, greedy{}, {}, unused, [&](std::int32_t id) {
    alone.push_back(id);
    return true;
  });
  REQUIRE(text);
  CHECK(text->count == 100);
  CHECK(text->ending == text_ending::most_tokens);
  std::array<generated_text, 2> texts{};
  REQUIRE(generate_batch(
      both, std::array{request, request}, texts,
      [](index_type, std::span<const float> logits) { return greedy{}(logits); },
      [&](index_type s, std::int32_t id) {
        if (s == 1) beside.push_back(id);
        return true;
      }));
  CHECK(texts[1].count == 100);
  CHECK(beside == alone);
}

TEST_CASE("needs no more memory for a text without an end", "[session][attention_sinks]") {
  using ends = session<half_split, context<20>, tokens<4>>;
  using never_ends = session<half_split, context<20>, tokens<4>, attention_sinks<4>>;
  STATIC_REQUIRE(never_ends::slides);
  STATIC_REQUIRE_FALSE(ends::slides);
  // A table of the angles by which keys are rotated back, and the number of dropped tokens.
  STATIC_REQUIRE(sizeof(session<half_split, context<20>, tokens<4>, storage::in_place, attention_sinks<4>>) <=
                 sizeof(session<half_split, context<20>, tokens<4>, storage::in_place>) + 128);
}
