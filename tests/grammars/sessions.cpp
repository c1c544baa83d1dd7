// SPDX-License-Identifier: BSL-1.0
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/execution/all.hpp>
#include <typeformer/generation/constrained_text.hpp>
#include <typeformer/generation/generate.hpp>
#include <typeformer/generation/generate_batch.hpp>
#include <typeformer/generation/generate_speculatively.hpp>
#include <typeformer/generation/random.hpp>
#include <typeformer/generation/samplers.hpp>
#include <typeformer/hosted/grammars/expression_grammar.hpp>
#include <typeformer/hosted/grammars/grammar_automaton.hpp>
#include <typeformer/models/llama.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/session.hpp>

#include <support/catch.hpp>
#include <support/random_parameters.hpp>

namespace typeformer {
namespace {

using ids = std::vector<std::int32_t>;
using text_in = constrained_text<grammar_automaton>;

template <index_type Layers>
struct model : llama<llama_config{.layers = Layers,
                                  .width = 16,
                                  .heads = 2,
                                  .key_value_heads = 1,
                                  .hidden = 16,
                                  .vocabulary = 12,
                                  .context = 64}> {};
constexpr std::int32_t end = 11;

token_bytes bytes() {
  token_bytes made;
  for (const std::string_view each : {"0", "1", "2", "+", "-", "(", ")", "10", "+(", "x", "22"}) made.add(each);
  made.add({});
  return made;
}
constexpr std::string_view sums = "([012]+|\\([012]+[+-][012]+\\))([+-][012]{1,3}){1,4}";

TEST_CASE("speculative decoding keeps a grammar, and writes the text that generate writes") {
  const weights<model<2>> of_large{testing::random_parameters<model<2>>(1)};
  const weights<model<1>> of_small{testing::random_parameters<model<1>>(2)};
  const byte_automaton language = *byte_automaton::of(*expression_grammar(sums));
  auto automaton = *grammar_automaton::of(language, token_trie{bytes()}, {&end, 1});
  std::vector<candidate> candidates(12);
  std::vector<float> probabilities(12 * 4);
  session<model<2>> alone{of_large};
  session<model<2>, all_logits> large{of_large};
  session<model<1>> small{of_small};
  index_type accepted = 0;
  for (std::int32_t first = 0; first < 11; ++first)
    for (const index_type budget : {6, 9, 20}) {
      const ids prompt{first, 3};
      const generation_request request{.prompt = prompt, .max_tokens = budget, .end_tokens = {&end, 1}};
      auto text = *text_in::of(automaton, budget), drafted = text;
      const auto greatest = [](text_in& of) { return sampling{constrained_by{of}, *top_k::of(1)}; };
      philox random{1};
      ids expected, found;
      alone.reset(), large.reset(), small.reset();
      const auto made = generate(alone, request, greatest(text), candidates, random,
                                 [&](std::int32_t id) { return expected.push_back(id), true; });
      const auto speculated =
          generate_speculatively(large, small, request, 4, greatest(drafted), {candidates, probabilities}, random,
                                 [&](std::int32_t id) { return found.push_back(id), true; });
      REQUIRE(made);
      REQUIRE(speculated);
      CHECK(found == expected);
      CHECK(speculated->ending == text_ending::end_token);
      CHECK(drafted.is_complete());
      accepted += speculated->accepted;
      std::string spelled;
      for (const std::int32_t id : found) spelled += bytes()[id];
      CHECK(language.matches(spelled));
    }
  CHECK(accepted > 0);
}

TEST_CASE("each sequence of a batch keeps a grammar and a budget of its own") {
  const weights<model<1>> values{testing::random_parameters<model<1>>(3)};
  session<model<1>, batch<3>> run{values};
  const token_trie vocabulary{bytes()};
  const std::string_view patterns[]{sums, "x{2,5}", "\\((0|1)*\\)"};
  std::vector<candidate> candidates(12);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::vector<grammar_automaton> automata;
    std::vector<text_in> texts;
    std::vector<std::string> spelled(3);
    const ids prompt{0, 1};
    std::vector<generation_request> requests;
    for (const std::string_view pattern : patterns)
      automata.push_back(*grammar_automaton::of(*expression_grammar(pattern), vocabulary, {&end, 1}));
    for (std::size_t s = 0; s < 3; ++s) {
      const index_type budget = 6 + index_type(s + seed % 7);
      texts.push_back(*text_in::of(automata[s], budget));
      requests.push_back({.prompt = prompt, .max_tokens = budget, .end_tokens = {&end, 1}});
    }
    philox random{seed};
    std::vector<generated_text> made(3);
    run.reset();
    const auto done = generate_batch(
        run, requests, made,
        [&](index_type s, std::span<const float> logits) {
          return sampling{constrained_by{texts[std::size_t(s)]}}(logits, candidates, random);
        },
        [&](index_type s, std::int32_t id) { return spelled[std::size_t(s)] += bytes()[id], true; });
    REQUIRE(done);
    for (std::size_t s = 0; s < 3; ++s) {
      CHECK(made[s].ending == text_ending::end_token);
      CHECK(byte_automaton::of(*expression_grammar(patterns[s]))->matches(spelled[s]));
    }
  }
}

}  // namespace
}  // namespace typeformer
