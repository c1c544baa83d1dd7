// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <random>
#include <vector>

#include <typeformer/execution/all.hpp>
#include <typeformer/generation/generate.hpp>
#include <typeformer/generation/generate_batch.hpp>
#include <typeformer/generation/samplers.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/session.hpp>

#include <generation/table_session.hpp>
#include <support/catch.hpp>
#include <support/random_parameters.hpp>

namespace typeformer {
namespace {

using testing::table_session;
using ids = std::vector<std::int32_t>;

/// Token t is followed by t + 1, and 9 by 0.
table_session<1, 30, 10> counting() {
  std::vector<std::vector<float>> last(10, std::vector<float>(10));
  for (std::size_t t = 0; t < 10; ++t) last[t][(t + 1) % 10] = 1;
  return {last, std::vector<std::vector<float>>(10, std::vector<float>(10))};
}

struct told {
  generated_text text;
  ids tokens;
};
template <class Session> told tell(Session& session, const generation_request& request, std::int32_t unwanted = -1) {
  told all;
  philox unused{1};
  const auto text = generate(session, request, greedy{}, {}, unused, [&](std::int32_t id) {
    all.tokens.push_back(id);
    return id != unwanted;
  });
  REQUIRE(text);
  all.text = *text;
  CHECK(all.text.count == index_type(all.tokens.size()));
  return all;
}

struct tiny_gpt2 : gpt2<gpt2_config{.layers = 2, .width = 32, .heads = 4, .vocabulary = 12, .context = 20}> {};

}  // namespace

TEST_CASE("finds a stop sequence wherever it begins") {
  std::mt19937 random{3};
  int wrong = 0, found = 0;
  for (int round = 0; round < 300; ++round) {
    const ids pattern = testing::random_ids(random, 1 + round % 6, 2), text = testing::random_ids(random, 60, 2);
    stop_sequence stop{pattern};
    for (std::size_t end = 1; end <= text.size(); ++end) {
      const bool ends_here = end >= pattern.size() && std::equal(pattern.begin(), pattern.end(),
                                                                 text.begin() + std::ptrdiff_t(end - pattern.size()));
      wrong += stop.hear(text[end - 1]) != ends_here;
      found += ends_here;
      // What is matched is the longest prefix that the last tokens are.
      index_type longest = 0;
      for (std::size_t count = 1; count <= std::min(pattern.size(), end); ++count)
        if (std::equal(pattern.begin(), pattern.begin() + std::ptrdiff_t(count),
                       text.begin() + std::ptrdiff_t(end - count)))
          longest = index_type(count);
      wrong += stop.matched() != longest;
    }
  }
  CHECK(found > 1000);
  CHECK(wrong == 0);
  stop_sequence never{{}};
  CHECK_FALSE(never.hear(0));
}

TEST_CASE("ends a text at an end token, a stop sequence, max_tokens, a full context, or when on_token returns false") {
  const ids prompt{3}, ends{9, 7}, pair{5, 6}, across{1, 2, 3}, longer{4, 5, 6};
  const auto check = [&](const told& all, text_ending ending, const ids& tokens, index_type length) {
    CHECK(all.text.ending == ending);
    CHECK(all.text.ending_length == length);
    CHECK(all.tokens == tokens);
  };
  auto session = counting();
  check(tell(session, {.prompt = prompt, .max_tokens = 3}), text_ending::most_tokens, {4, 5, 6}, 0);
  CHECK(session.length() == 3);
  check(tell(session = counting(), {.prompt = prompt, .max_tokens = 9, .end_tokens = ends}), text_ending::end_token,
        {4, 5, 6, 7}, 1);
  check(tell(session = counting(), {.prompt = prompt, .max_tokens = 9}, 5), text_ending::asked_for, {4, 5}, 0);
  check(tell(session = counting(), {.prompt = prompt, .max_tokens = 0}), text_ending::most_tokens, {}, 0);
  CHECK(session.length() == 1);
  const told full = tell(session = counting(), {.prompt = prompt, .max_tokens = 99});
  CHECK(full.text.ending == text_ending::context_is_full);
  CHECK(full.text.count == 30);

  std::vector<stop_sequence> stops{stop_sequence{pair}, stop_sequence{longer}};
  check(tell(session = counting(), {.prompt = prompt, .max_tokens = 9, .stop_sequences = stops}),
        text_ending::stop_sequence, {4, 5, 6}, 3);
  // Half of it in one call, half in the next: the last token of a call is the next one's prompt.
  std::vector<stop_sequence> one{stop_sequence{across}};
  const ids nine{9}, one_more{2};
  session = counting();
  check(tell(session, {.prompt = nine, .max_tokens = 3, .stop_sequences = one}), text_ending::most_tokens, {0, 1, 2},
        0);
  CHECK(one[0].matched() == 2);
  check(tell(session, {.prompt = one_more, .max_tokens = 3, .stop_sequences = one}), text_ending::stop_sequence, {3},
        3);

  table_session<1, 30, 1> mute{{{-INFINITY}}, {{0}}};
  const ids zero{0};
  check(tell(mute, {.prompt = zero, .max_tokens = 5}), text_ending::nothing_to_choose, {}, 0);
}

TEST_CASE("counts tokens in the short form of generate") {
  auto session = counting();
  philox unused{1};
  const ids prompt{3};
  const auto count = generate(session, prompt, 5, greedy{}, {}, unused, [](std::int32_t id) { return id != 6; });
  REQUIRE(count);
  CHECK(*count == 3);
}

TEST_CASE("generates in a batch what each sequence generates alone, and ends each by itself") {
  const weights<tiny_gpt2> values{testing::random_parameters<tiny_gpt2>(51)};
  const std::vector<ids> prompts{{1, 2, 3}, {4}, {5, 6, 7, 8, 9, 10, 11, 0, 1, 2, 3, 4, 5}, {7, 7}};
  const ids ends{3}, stop{1};
  const auto sampler = *sampling_with(temperature::of(1.5f), top_k::of(8));
  std::vector<candidate> workspace(12);

  std::vector<std::vector<stop_sequence>> stops(4, {stop_sequence{stop}});
  std::vector<generation_request> requests;
  for (std::size_t s = 0; s < 4; ++s)
    requests.push_back({.prompt = prompts[s], .max_tokens = s == 3 ? 4 : 40, .end_tokens = ends});
  requests[1].stop_sequences = stops[1];

  std::vector<told> alone;
  for (std::size_t s = 0; s < 4; ++s) {
    session<tiny_gpt2> run{values};
    philox generator{99, s};
    std::vector<stop_sequence> own{stop_sequence{stop}};
    generation_request request = requests[s];
    if (s == 1) request.stop_sequences = own;
    told& all = alone.emplace_back();
    const auto text = generate(run, request, sampler, workspace, generator, [&](std::int32_t id) {
      all.tokens.push_back(id);
      return true;
    });
    REQUIRE(text);
    all.text = *text;
  }

  session<tiny_gpt2, batch<5>> run{values};
  std::vector<philox> generators;
  for (std::size_t s = 0; s < 4; ++s) generators.emplace_back(99, s);
  std::vector<ids> tokens(4);
  std::vector<generated_text> texts(4);
  REQUIRE(generate_batch(
      run, requests, texts,
      [&](index_type s, std::span<const float> logits) {
        return sampler(logits, workspace, generators[std::size_t(s)]);
      },
      [&](index_type s, std::int32_t id) {
        tokens[std::size_t(s)].push_back(id);
        return true;
      }));
  bool ended_apart = false;
  for (std::size_t s = 0; s < 4; ++s) {
    INFO("sequence " << s);
    CHECK(tokens[s] == alone[s].tokens);
    CHECK(texts[s].count == alone[s].text.count);
    CHECK(texts[s].ending == alone[s].text.ending);
    CHECK(texts[s].ending_length == alone[s].text.ending_length);
    ended_apart = ended_apart || texts[s].count != texts[0].count;
  }
  CHECK(ended_apart);

  const std::vector<generation_request> six(6, requests[0]);
  std::vector<generated_text> six_texts(6);
  const auto nobody = [](index_type, auto) { return no_token; };
  const auto rejected = generate_batch(run, six, six_texts, nobody, [](index_type, std::int32_t) { return true; });
  REQUIRE_FALSE(rejected);
  CHECK(rejected.error().what == inference_error::problem::too_many_sequences);
  requests[2].prompt = {};
  const auto empty = generate_batch(run, requests, texts, nobody, [](index_type, std::int32_t) { return true; });
  REQUIRE_FALSE(empty);
  CHECK(empty.error().sequence == 2);
}

}  // namespace typeformer
