// SPDX-License-Identifier: BSL-1.0
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <rapidjson/document.h>

#include <typeformer/execution/all.hpp>
#include <typeformer/generation/beam_search.hpp>
#include <typeformer/generation/greedy.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/session.hpp>

#include <generation/table_session.hpp>
#include <support/catch.hpp>
#include <support/random_parameters.hpp>

namespace typeformer {
namespace {

using testing::prompt_list, testing::table_session;
using ids = std::vector<std::int32_t>;
using problem = beam_search_error::problem;

using small_table = table_session<12, 16, 9>;

rapidjson::Document made_by_transformers() {
  std::ifstream file{std::string{TYPEFORMER_SOURCE_DIR} + "/tests/generation/beam_searches.json"};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  rapidjson::Document made;
  made.Parse(text.c_str());
  REQUIRE(made.IsObject());
  return made;
}
std::vector<std::vector<float>> rows_of(const rapidjson::Value& matrix) {
  std::vector<std::vector<float>> rows;
  for (const auto& row : matrix.GetArray()) {
    rows.emplace_back();
    for (const auto& number : row.GetArray()) rows.back().push_back(number.GetFloat());
  }
  return rows;
}
ids ids_of(const rapidjson::Value& list) {
  ids all;
  for (const auto& id : list.GetArray()) all.push_back(id.GetInt());
  return all;
}

template <class Search> ids tokens_of(const Search& search, const beam_hypothesis& found) {
  ids tokens(std::size_t(found.length), -7);
  CHECK(*search.write(found, tokens, -8) == found.length);
  return tokens;
}

beam_search_settings settings_of(const rapidjson::Value& made, const ids& end_tokens, index_type most) {
  const std::string stops = made["stops"].GetString();
  return {.beams = made["beams"].GetInt(),
          .max_tokens = most,
          .end_tokens = end_tokens,
          .length_penalty = made["penalty"].GetDouble(),
          .stops = stops == "when_enough_ended"         ? beam_search_stops::when_enough_ended
                   : stops == "when_better_is_unlikely" ? beam_search_stops::when_better_is_unlikely
                                                        : beam_search_stops::when_better_is_impossible};
}

void check_searches_of(const char* version, scored_length counts) {
  const rapidjson::Document made = made_by_transformers();
  std::vector<ids> prompts;
  for (const auto& prompt : made["prompts"].GetArray()) prompts.push_back(ids_of(prompt));
  const prompt_list views(prompts.begin(), prompts.end());
  small_table session{rows_of(made["last"]), rows_of(made["before"])};
  for (rapidjson::SizeType id = 0; id < made["drift"].Size(); ++id) session.drift[id] = made["drift"][id].GetFloat();
  beam_search<small_table> search;
  REQUIRE(made[version].Size() > 100);
  REQUIRE(made[version].Size() % views.size() == 0);
  // One search a prompt was made; here those with the same settings run together, though their prompts are not as long.
  for (rapidjson::SizeType first = 0; first < made[version].Size(); first += rapidjson::SizeType(views.size())) {
    const ids end_tokens = ids_of(made[version][first]["ends"]);
    beam_search_settings settings = settings_of(made[version][first], end_tokens, made["most"].GetInt());
    settings.counts = counts;
    REQUIRE(search.run(session, views, settings));
    for (rapidjson::SizeType p = 0; p < views.size(); ++p) {
      const rapidjson::Value& expected = made[version][first + p];
      INFO("search " << first + p);
      const auto found = search.hypotheses(expected["prompt"].GetInt());
      REQUIRE(found.size() == expected["texts"].Size());
      for (rapidjson::SizeType rank = 0; rank < found.size(); ++rank) {
        ids tokens = tokens_of(search, found[rank]);
        if (end_tokens.size() > 1 && found[rank].end_token >= 0) tokens.pop_back();
        std::string text;
        for (const std::int32_t id : tokens) text += std::to_string(id);
        CHECK(text == expected["texts"][rank].GetString());
        CHECK(found[rank].score == Approx(expected["scores"][rank].GetDouble()).epsilon(1e-6));
      }
    }
  }
}

struct tiny_gpt2 : gpt2<gpt2_config{.layers = 2, .width = 32, .heads = 4, .vocabulary = 30, .context = 24}> {};

}  // namespace

TEST_CASE("finds the beams of transformers 4.34, with its scores") {
  check_searches_of("4.34", scored_length::prompt_and_generated_without_end);
}
TEST_CASE("finds the beams of transformers 4.44, with its scores") {
  check_searches_of("4.44", scored_length::generated_with_end);
}

TEST_CASE("ends a beam search as early_stopping says") {
  const auto ends = [](beam_search_stops stops, double penalty, double best) {
    std::array<beam_hypothesis, 2> room{};
    beam_hypotheses found{room, {.max_tokens = 10, .length_penalty = penalty, .stops = stops}, 3};
    found.add({.log_probability = -6, .length = 2, .end_token = 1});
    CHECK_FALSE(found.is_done(best, 4));
    found.add({.log_probability = -4, .length = 2, .end_token = 1});
    return found.is_done(best, 4);
  };
  using enum beam_search_stops;
  // The worse one scores -6 / 2 = -3 with penalty 1, -6 · 2 = -12 with -1.
  CHECK(ends(when_enough_ended, 1, -0.1));
  CHECK(ends(when_better_is_unlikely, 1, -12));
  CHECK_FALSE(ends(when_better_is_unlikely, 1, -11.9));
  CHECK_FALSE(ends(when_better_is_impossible, 1, -29.9));
  CHECK(ends(when_better_is_impossible, 1, -30));
  CHECK_FALSE(ends(when_better_is_impossible, -1, -2.9));  // shorter is better: it would be -11.6 now
  CHECK(ends(when_better_is_impossible, -1, -3));
  CHECK(ends(when_better_is_impossible, 0, -6));
  CHECK_FALSE(ends(when_better_is_impossible, 0, -5.9));
}

TEST_CASE("decodes greedily with one beam, and continues beams with their cached keys and values") {
  const weights<tiny_gpt2> values{testing::random_parameters<tiny_gpt2>(41)};
  session<tiny_gpt2, batch<6>> run{values};
  session<tiny_gpt2> alone{values};
  beam_search<decltype(run)> search;
  const std::vector<ids> prompts{{4, 8, 15}, {16, 23}};
  const prompt_list views(prompts.begin(), prompts.end());
  REQUIRE(search.run(run, views, {.beams = 1, .max_tokens = 9}));
  for (index_type p = 0; p < 2; ++p) {
    REQUIRE(search.hypotheses(p).size() == 1);
    ids expected;
    alone.reset();
    auto logits = alone.prefill(views[std::size_t(p)]);
    for (int step = 0; step < 9; ++step) {
      REQUIRE(logits);
      expected.push_back(greedy{}(*logits));
      logits = alone.decode(expected.back());
    }
    CHECK(tokens_of(search, search.hypotheses(p)[0]) == expected);
  }

  REQUIRE(search.run(run, views, {.beams = 3, .max_tokens = 9, .counts = scored_length::generated_with_end}));
  for (index_type p = 0; p < 2; ++p) {
    CHECK(search.hypotheses(p).size() == 3);
    for (const beam_hypothesis& found : search.hypotheses(p)) {
      // Teacher-forced by a session of its own.
      const ids tokens = tokens_of(search, found);
      double sum = 0;
      alone.reset();
      auto logits = alone.prefill(views[std::size_t(p)]);
      for (const std::int32_t id : tokens) {
        REQUIRE(logits);
        sum += double((*logits)[std::size_t(id)]) - log_sum_exp(*logits);
        logits = alone.decode(id);
      }
      CHECK(found.log_probability == Approx(sum).epsilon(1e-5));
      CHECK(found.score == Approx(sum / 9).epsilon(1e-5));
      CHECK(found.end_token == no_token);
    }
  }
}

TEST_CASE("never chooses tokens without probability, and finds no hypothesis if none has any") {
  constexpr float never = -std::numeric_limits<float>::infinity();
  const std::vector<std::vector<float>> nothing_before(4, std::vector<float>(4));
  // 0 is followed by 1 only, 1 by 2 or 3, 2 and 3 by nothing.
  small_table session{
      {{never, 1, never, never}, {never, never, 2, 1}, {never, never, never, never}, {NAN, never, never, NAN}},
      nothing_before};
  beam_search<small_table, storage::in_place> search;
  const ids from_0{0}, from_2{2}, ends{3};
  REQUIRE(search.run(session, prompt_list{from_0, from_2}, {.beams = 3, .max_tokens = 2, .end_tokens = ends}));
  REQUIRE(search.hypotheses(0).size() == 2);
  CHECK(tokens_of(search, search.hypotheses(0)[0]) == ids{1, 2});
  CHECK(tokens_of(search, search.hypotheses(0)[1]) == ids{1, 3});
  CHECK(search.hypotheses(0)[1].end_token == 3);
  CHECK(search.hypotheses(1).empty());
  CHECK(search.hypotheses(2).empty());

  ids longer(4, 77), shorter(1, 77);
  CHECK(*search.write(search.hypotheses(0)[1], longer, -5) == 2);
  CHECK(longer == ids{1, 3, -5, -5});
  CHECK(*search.write(search.hypotheses(0)[1], shorter, -5) == 2);
  CHECK(shorter == ids{1});
}

TEST_CASE("rejects settings of a beam search that are out of range") {
  small_table session{{{0}}, {{0}}};
  beam_search<small_table> search;
  const ids one{0}, none, ten(10, 0);
  const auto rejected = [&](const prompt_list& prompts, const beam_search_settings& settings) {
    const auto ran = search.run(session, prompts, settings);
    REQUIRE_FALSE(ran);
    CHECK(std::string_view{ran.error().message()}.size() > 10);
    CHECK(search.hypotheses(0).empty());
    return ran.error();
  };
  CHECK(rejected({one}, {.beams = 0}).what == problem::beams_are_less_than_one);
  CHECK(rejected({one}, {.beams = 13}).what == problem::beams_of_all_prompts_exceed_the_batch);
  CHECK(rejected({one, one, one, one}, {.beams = 4, .max_tokens = 2}).what ==
        problem::beams_of_all_prompts_exceed_the_batch);
  CHECK(rejected({one}, {.max_tokens = 0}).what == problem::max_tokens_is_less_than_one);
  CHECK(rejected({one}, {.max_tokens = 2, .length_penalty = NAN}).what == problem::length_penalty_is_not_finite);
  CHECK(rejected({one}, {.max_tokens = 2, .length_penalty = INFINITY}).what == problem::length_penalty_is_not_finite);
  const beam_search_error empty = rejected({one, none}, {.max_tokens = 2}),
                          full = rejected({one, ten}, {.max_tokens = 8});
  CHECK(empty.what == problem::session);
  CHECK(empty.of_session.what == inference_error::problem::no_tokens);
  CHECK(empty.of_session.sequence == 1);
  CHECK(full.of_session.what == inference_error::problem::context_is_full);
  CHECK(full.of_session.got == 17);
  CHECK(rejected({one}, {.max_tokens = std::numeric_limits<index_type>::max()}).of_session.what ==
        inference_error::problem::context_is_full);
}

}  // namespace typeformer
