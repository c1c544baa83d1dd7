// SPDX-License-Identifier: BSL-1.0
// What generation rejects, and drafts of which all are accepted.
#include <limits>

#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/generation/beam_search.hpp>
#include <typeformer/generation/generate.hpp>
#include <typeformer/generation/generate_batch.hpp>
#include <typeformer/generation/generate_speculatively.hpp>
#include <typeformer/generation/samplers.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/session.hpp>

namespace typeformer {
namespace {

using ids = std::vector<std::int32_t>;
using problem = inference_error::problem;
struct small : gpt2<gpt2_config{.layers = 1, .width = 16, .heads = 2, .vocabulary = 11, .context = 32}> {};

template <index_type Prompt> void check_all_accepted(const weights<small>& values, index_type drafts) {
  INFO("tokens<" << Prompt << ">, " << drafts << " drafts");
  session<small, tokens<Prompt>, all_logits> large{values};
  session<small> drafting{values}, alone{values};
  std::vector<candidate> candidates(11);
  std::vector<float> probabilities(std::size_t(11 * std::max<index_type>(drafts, 1)));
  const auto sampler = *sampling_with(top_k::of(1));
  philox generator{1};
  const ids prompt{1, 2, 3};
  ids expected, told;
  const auto keep_in = [](ids& to) { return [&to](std::int32_t id) { return to.push_back(id), true; }; };
  const generation_request request{.prompt = prompt, .max_tokens = 20};
  REQUIRE(generate(alone, request, sampler, candidates, generator, keep_in(expected)));
  const auto text = generate_speculatively(large, drafting, request, drafts, sampler, {candidates, probabilities},
                                           generator, keep_in(told));
  REQUIRE(text);
  CHECK(told == expected);
  CHECK(text->accepted == text->drafted);
  CHECK((text->drafted > 0) == (Prompt > 1 && drafts > 0));
  CHECK(large.length() == alone.length());
}

struct speculating {
  weights<small> values{testing::random_parameters<small>(1)};
  session<small, tokens<4>, all_logits> large{values};
  session<small> drafting{values};
  std::vector<candidate> candidates = std::vector<candidate>(11);
  std::vector<float> probabilities = std::vector<float>(44);
  ids text{1, 2, 3};
  philox generator{1};

  problem rejected(const generation_request& request, index_type drafts = 3, std::size_t lent = 11) {
    const auto written = generate_speculatively(large, drafting, request, drafts, *sampling_with(top_k::of(1)),
                                                {std::span{candidates}.first(lent), probabilities}, generator,
                                                [](std::int32_t) { return true; });
    REQUIRE_FALSE(written);
    return written.error().what;
  }
};

}  // namespace

TEST_CASE("generates the same text for every tokens<T> if all drafts are accepted") {
  const weights<small> values{testing::random_parameters<small>(7)};
  for (const index_type drafts : {0, 1, 2, 3, 7, 64}) {
    check_all_accepted<1>(values, drafts);
    check_all_accepted<2>(values, drafts);
    check_all_accepted<4>(values, drafts);
    check_all_accepted<32>(values, drafts);
  }
}

TEST_CASE("rejects requests, workspaces and choices out of range in generate") {
  const weights<small> values{testing::random_parameters<small>(1)};
  session<small> run{values};
  philox generator{1};
  std::vector<candidate> room(11);
  const ids prompt{1, 2, 3}, beyond{11}, negative{no_token};
  const auto all = [](std::int32_t) { return true; };
  const auto rejected = [&](const generation_request& request, std::size_t lent = 11) {
    const auto text = generate(run, request, *sampling_with(top_k::of(2)), std::span{room}.first(lent), generator, all);
    REQUIRE_FALSE(text);
    return text.error();
  };
  CHECK(rejected({.prompt = prompt, .max_tokens = -1}).what == problem::max_tokens_is_negative);
  CHECK(rejected({.prompt = prompt, .max_tokens = 3, .end_tokens = beyond}).what == problem::id_outside_vocabulary);
  CHECK(rejected({.prompt = prompt, .max_tokens = 3, .end_tokens = negative}).what == problem::id_outside_vocabulary);
  std::vector<stop_sequence> stops{stop_sequence{beyond}};
  CHECK(rejected({.prompt = prompt, .max_tokens = 3, .stop_sequences = stops}).what == problem::id_outside_vocabulary);
  const inference_error room_error = rejected({.prompt = prompt, .max_tokens = 3}, 10);
  CHECK(room_error.what == problem::workspace_is_too_small);
  CHECK(room_error.got == 10);
  CHECK(room_error.limit == 11);
  CHECK(run.length() == 0);

  struct choosing {
    std::int32_t id;
    static constexpr index_type workspace_size(index_type) { return 0; }
    std::int32_t operator()(std::span<const float>, std::span<candidate>, philox&) const { return id; }
  };
  for (const std::int32_t id : {-2, 11, std::numeric_limits<std::int32_t>::max()}) {
    run.reset();
    int heard = 0;
    const auto text = generate(run, {.prompt = prompt, .max_tokens = 1}, choosing{id}, {}, generator,
                               [&](std::int32_t) { return ++heard, true; });
    REQUIRE_FALSE(text);
    CHECK(text.error().what == problem::id_outside_vocabulary);
    CHECK(heard == 0);
  }
}

TEST_CASE("rejects the same in generate_batch, and requests without a place for their text") {
  const weights<small> values{testing::random_parameters<small>(1)};
  session<small, batch<2>> run{values};
  const ids prompt{1, 2, 3};
  std::vector<generated_text> texts(2);
  const auto rejected = [&](std::vector<generation_request> requests, std::int32_t id, std::size_t room = 2) {
    run.reset();
    const auto made = generate_batch(
        run, requests, std::span{texts}.first(room), [&](index_type, std::span<const float>) { return id; },
        [](index_type, std::int32_t) { return true; });
    REQUIRE_FALSE(made);
    return made.error();
  };
  const generation_request good{.prompt = prompt, .max_tokens = 2}, bad{.prompt = prompt, .max_tokens = -2};
  CHECK(rejected({good, bad}, 1).what == problem::max_tokens_is_negative);
  CHECK(rejected({good, bad}, 1).sequence == 1);
  CHECK(rejected({good, good}, 1, 1).what == problem::wrong_size);
  CHECK(rejected({good, good, good}, 1).what == problem::wrong_size);
  CHECK(rejected({good, good}, -7).what == problem::id_outside_vocabulary);
  CHECK(rejected({good, good}, 11).what == problem::id_outside_vocabulary);
}

TEST_CASE("rejects drafts, workspaces and sessions that do not fit in generate_speculatively") {
  speculating all;
  CHECK(all.rejected({.prompt = all.text, .max_tokens = 5}, -1) == problem::drafts_are_negative);
  CHECK(all.rejected({.prompt = all.text, .max_tokens = -5}) == problem::max_tokens_is_negative);
  CHECK(all.rejected({.prompt = all.text, .max_tokens = 5}, 3, 4) == problem::workspace_is_too_small);
  REQUIRE(all.drafting.decode(1));
  CHECK(all.rejected({.prompt = all.text, .max_tokens = 5}) == problem::sessions_have_cached_different_lengths);
  CHECK(all.large.length() == 0);
}

TEST_CASE("rejects end tokens and hypotheses out of range in a beam search") {
  const weights<small> values{testing::random_parameters<small>(1)};
  using run_type = session<small, batch<4>>;
  run_type run{values};
  beam_search<run_type> search;
  const ids prompt{1, 2, 3}, beyond{4, 11};
  const std::vector<std::span<const std::int32_t>> prompts{prompt};
  const auto rejected = search.run(run, prompts, {.beams = 2, .max_tokens = 3, .end_tokens = beyond});
  REQUIRE_FALSE(rejected);
  CHECK(rejected.error().of_session.what == problem::id_outside_vocabulary);
  for (const index_type beams : {index_type{0}, index_type{-3}, index_type{5}, std::numeric_limits<index_type>::max()})
    CHECK_FALSE(search.run(run, prompts, {.beams = beams, .max_tokens = 3}));
  for (const index_type most : {index_type{0}, index_type{-1}, index_type{99}})
    CHECK_FALSE(search.run(run, prompts, {.beams = 2, .max_tokens = most}));
  REQUIRE(search.run(run, prompts, {.beams = 2, .max_tokens = 3}));
  CHECK(search.hypotheses(-1).empty());
  CHECK(search.hypotheses(1).empty());
  REQUIRE(search.hypotheses(0).size() == 2);
  beam_hypothesis found = search.hypotheses(0)[0];
  ids to(5);
  CHECK(*search.write(found, to, 0) == 3);
  found.last_beam = 1000;
  CHECK(search.write(found, to, 0).error().what == beam_search_error::problem::hypothesis_was_not_found);
  found = search.hypotheses(0)[0];
  found.length = -4;
  CHECK_FALSE(search.write(found, to, 0));
}

TEST_CASE("rejects temporary tokens of a stop sequence") {
  STATIC_REQUIRE(std::is_constructible_v<stop_sequence, const ids&>);
  STATIC_REQUIRE(std::is_constructible_v<stop_sequence, std::span<const std::int32_t>>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<stop_sequence, ids>);
}

}  // namespace typeformer
