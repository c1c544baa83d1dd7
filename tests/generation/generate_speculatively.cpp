// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <type_traits>
#include <vector>

#include <typeformer/execution/all.hpp>
#include <typeformer/generation/generate.hpp>
#include <typeformer/generation/generate_speculatively.hpp>
#include <typeformer/generation/samplers.hpp>
#include <typeformer/models/llama.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/session.hpp>

#include <support/catch.hpp>
#include <support/random_parameters.hpp>

namespace typeformer {
namespace {

using ids = std::vector<std::int32_t>;

template <index_type Layers, index_type Width, index_type Vocabulary, index_type Context>
struct random_llama : llama<llama_config{.layers = Layers,
                                         .width = Width,
                                         .heads = 2,
                                         .key_value_heads = 1,
                                         .hidden = Width,
                                         .vocabulary = Vocabulary,
                                         .context = Context}> {};

using large_model = random_llama<3, 32, 20, 60>;
using small_model = random_llama<1, 16, 20, 60>;

struct lent {
  std::vector<candidate> candidates;
  std::vector<float> probabilities;
  lent(index_type vocabulary, index_type drafts)
      : candidates(std::size_t(vocabulary)), probabilities(std::size_t(vocabulary * drafts)) {}
  speculation_workspace view() { return {candidates, probabilities}; }
};

/// Pearson's statistic in standard deviations above its mean, what is rare pooled to an expected count of ten.
double chi_square_excess(const std::vector<double>& probability, const std::vector<int>& counts, int draws) {
  double statistic = 0, pooled = 0, pooled_count = 0;
  int cells = 0;
  for (std::size_t cell = 0; cell < probability.size(); ++cell) {
    pooled += probability[cell] * draws;
    pooled_count += counts[cell];
    if (pooled < 10) continue;
    statistic += (pooled_count - pooled) * (pooled_count - pooled) / pooled;
    ++cells;
    pooled = pooled_count = 0;
  }
  const double freedom = std::max(1, cells - 1);
  return (statistic - freedom) / std::sqrt(2 * freedom);
}

std::vector<double> softmax(std::span<const float> logits, float temperature) {
  std::vector<double> p;
  double sum = 0;
  for (const float logit : logits) sum += p.emplace_back(std::exp(double(logit) / double(temperature)));
  for (double& each : p) each /= sum;
  return p;
}

}  // namespace

TEST_CASE("gives rejection sampling the distribution p, for every q") {
  const std::vector<float> logits{0, 1, -1, 2, 0.5f}, drafts_logits{1, -1, 0, 2.5f, 0};
  std::vector<candidate> workspace(5), drafts_workspace(5);
  const auto sampler = *sampling_with(top_k::of(4));
  const auto drafter = *sampling_with(temperature::of(1.7f));
  std::vector<float> q(5);
  candidates of_q = drafter.distribution(drafts_logits, drafts_workspace);
  write_probabilities(of_q, q);
  double sum = 0;
  for (const float fraction : q) sum += double(fraction);
  CHECK(sum == Approx(1));
  constexpr int draws = 100'000;
  std::vector<int> counts(5);
  int accepted = 0;
  philox generator{8};
  for (int i = 0; i < draws; ++i) {
    candidates p = sampler.distribution(logits, workspace);
    const auto chosen = accept_or_draw(p, q, drafter.draw(of_q, generator), generator);
    ++counts[std::size_t(chosen.id)];
    accepted += chosen.is_accepted;
  }
  std::vector<float> without_least = logits;
  without_least[2] = -INFINITY;
  const std::vector<double> exact = softmax(without_least, 1);
  CHECK(counts[2] == 0);
  CHECK(std::abs(chi_square_excess(exact, counts, draws)) < 4);
  double expected = 0;  // arXiv:2211.17192, corollary 3.6: the sum of min(p, q)
  for (std::size_t id = 0; id < 5; ++id) expected += std::min(exact[id], double(q[id]));
  CHECK(double(accepted) / draws == Approx(expected).margin(4 * std::sqrt(0.25 / draws)));

  candidates nothing{std::vector<float>{-INFINITY}, workspace};
  CHECK(accept_or_draw(nothing, std::vector<float>{1}, 0, generator).id == no_token);
}

TEST_CASE("generates the same greedy text with and without drafts, and caches it in both sessions") {
  const weights<large_model> of_large{testing::random_parameters<large_model>(81)};
  const weights<small_model> of_small{testing::random_parameters<small_model>(82)};
  const auto sampler = *sampling_with(top_k::of(1));
  const ids prompt{3, 1, 4, 1, 5}, one{7}, ends{6};
  lent memory{20, 8};
  index_type accepted = 0;
  const auto check = [&](const generation_request& request, index_type drafts, auto& small, const auto& again) {
    INFO(drafts << " drafts, most " << request.max_tokens);
    session<large_model> alone{of_large};
    session<large_model, all_logits> large{of_large};
    ids expected, told;
    philox unused{1}, generator{2};
    const auto text = generate(alone, request, greedy{}, {}, unused, [&](std::int32_t id) {
      expected.push_back(id);
      return true;
    });
    const auto speculated =
        generate_speculatively(large, small, request, drafts, sampler, memory.view(), generator, [&](std::int32_t id) {
          told.push_back(id);
          return true;
        });
    REQUIRE(text);
    REQUIRE(speculated);
    CHECK(told == expected);
    CHECK(speculated->count == text->count);
    CHECK(speculated->ending == text->ending);
    CHECK(speculated->ending_length == text->ending_length);
    CHECK(large.length() == alone.length());
    CHECK(speculated->accepted <= speculated->drafted);
    accepted += speculated->accepted;
    again(large, *speculated);
  };
  const auto nothing_more = [](auto&, const speculated_text&) {};
  for (const index_type drafts : {0, 1, 3, 8, 99})
    for (const index_type most : {0, 1, 2, 7, 30, 200})
      for (const ids& start : {prompt, one}) {
        session<small_model> small{of_small};
        check({.prompt = start, .max_tokens = most}, drafts, small, [&](auto& large, const speculated_text& done) {
          if (drafts > 0 && done.ending != text_ending::context_is_full && most > 1)
            CHECK(small.length() == large.length());
          if (drafts == 0) CHECK(done.drafted == 0);
        });
      }
  {
    session<small_model> small{of_small};
    check({.prompt = prompt, .max_tokens = 50, .end_tokens = ends}, 4, small, nothing_more);
    session<small_model, context<12>> short_memory{of_small};
    check({.prompt = prompt, .max_tokens = 50}, 4, short_memory, nothing_more);
    session<small_model, context<3>> shorter_than_the_prompt{of_small};
    check({.prompt = prompt, .max_tokens = 50}, 4, shorter_than_the_prompt, nothing_more);
  }
  accepted = 0;
  {
    // A model that drafts for itself is always right: all but a pass in five are saved.
    session<large_model> itself{of_large};
    check({.prompt = prompt, .max_tokens = 50}, 4, itself, [](auto&, const speculated_text& done) {
      CHECK(done.accepted == done.drafted);
      CHECK(done.passes == 1 + 10);
    });
  }
  CHECK(accepted == 40);
}

TEST_CASE("tells filters with a memory the text, not the drafts") {
  const weights<large_model> of_large{testing::random_parameters<large_model>(85)};
  const weights<small_model> of_small{testing::random_parameters<small_model>(86)};
  session<large_model> alone{of_large};
  session<large_model, all_logits> large{of_large};
  session<small_model> small{of_small};
  lent memory{20, 4};
  philox generator{3};
  std::vector<std::int32_t> numbers(20);
  const auto greedy_without_repetition = [&](token_counts counts) {
    return *sampling_with(repetition_penalty::of(1.5f, counts), presence_penalty::of(0.5f, counts),
                          count_chosen{counts}, top_k::of(1));
  };
  const ids prompt{3, 1, 4};
  const generation_request request{.prompt = prompt, .max_tokens = 40};
  ids expected, told;
  REQUIRE(generate(alone, request, greedy_without_repetition(token_counts{numbers}), memory.candidates, generator,
                   [&](std::int32_t id) {
                     expected.push_back(id);
                     return true;
                   }));
  const auto done = generate_speculatively(large, small, request, 4, greedy_without_repetition(token_counts{numbers}),
                                           memory.view(), generator, [&](std::int32_t id) {
                                             told.push_back(id);
                                             return true;
                                           });
  REQUIRE(done);
  CHECK(done->drafted > done->accepted);
  CHECK(told == expected);
  for (std::int32_t id = 0; id < 20; ++id) CHECK(numbers[std::size_t(id)] == std::ranges::count(told, id));
}

TEST_CASE("continues a conversation where speculation ended") {
  const weights<large_model> of_large{testing::random_parameters<large_model>(83)};
  const weights<small_model> of_small{testing::random_parameters<small_model>(84)};
  const auto sampler = *sampling_with(top_k::of(1));
  lent memory{20, 3};
  session<large_model> alone{of_large};
  session<large_model, all_logits> large{of_large};
  session<small_model> small{of_small};
  philox unused{1}, generator{2};
  ids expected{2, 9}, told{2, 9};
  for (int turn = 0; turn < 6; ++turn) {
    ids first = expected, second = told;
    if (turn > 0) {  // the last token is not cached; then comes what the other says
      first = {expected.back(), turn};
      second = {told.back(), turn};
    }
    REQUIRE(generate(alone, generation_request{.prompt = first, .max_tokens = 3 + turn}, greedy{}, {}, unused,
                     [&](std::int32_t id) {
                       expected.push_back(id);
                       return true;
                     }));
    REQUIRE(generate_speculatively(large, small, {.prompt = second, .max_tokens = 3 + turn}, 3, sampler, memory.view(),
                                   generator, [&](std::int32_t id) {
                                     told.push_back(id);
                                     return true;
                                   }));
    CHECK(told == expected);
    CHECK(small.length() == large.length());
  }
}

TEST_CASE("continues a conversation where nothing could be drafted") {
  const weights<large_model> of_large{testing::random_parameters<large_model>(83)};
  const weights<small_model> of_small{testing::random_parameters<small_model>(84)};
  const auto sampler = *sampling_with(top_k::of(1));
  lent memory{20, 3};
  const auto converse = [&](auto& large, auto& small, index_type drafts, speculation_workspace workspace) {
    session<large_model> alone{of_large};
    philox unused{1}, generator{2};
    ids expected{2, 9}, told{2, 9};
    for (const index_type most : {1, 14, 0, 3}) {
      INFO(drafts << " drafts, most " << most);
      const ids prompt = alone.length() == 0 ? ids{2, 9} : ids{expected.back(), 7, 1};
      const auto hears = [](ids& list) {
        return [&list](std::int32_t id) {
          list.push_back(id);
          return true;
        };
      };
      REQUIRE(generate(alone, generation_request{.prompt = prompt, .max_tokens = most}, greedy{}, {}, unused,
                       hears(expected)));
      const auto done = generate_speculatively(large, small, {.prompt = prompt, .max_tokens = most}, drafts, sampler,
                                               workspace, generator, hears(told));
      REQUIRE(done);
      CHECK(told == expected);
      CHECK(large.length() == alone.length());
    }
  };
  const auto all_equal = [&](auto& large, auto& small, index_type drafts, speculation_workspace workspace) {
    converse(large, small, drafts, workspace);
    CHECK(small.length() == large.length());
  };
  session<large_model, all_logits> large{of_large};
  session<large_model, all_logits, tokens<1>> large_by_ones{of_large};
  session<small_model> small{of_small};
  session<small_model, tokens<1>> small_by_ones{of_small};
  session<small_model, context<12>> short_memory{of_small};
  all_equal(large, small, 0, memory.view());
  large.reset(), small.reset();
  all_equal(large, small, 3, {memory.candidates, {}});
  large.reset();
  all_equal(large, small_by_ones, 3, memory.view());
  small.reset();
  all_equal(large_by_ones, small, 3, memory.view());
  large.reset();
  converse(large, short_memory, 3, memory.view());
}

namespace {

/// Leaves one candidate, or after some choices none.
struct runs_dry {
  index_type* left;
  void operator()(candidates& of) const {
    of.keep_if([&](const candidate&) { return *left > 0; });
    of.keep_most_probable(1);
  }
  void chosen(std::int32_t) const { --*left; }
};

/// Chooses a token outside the vocabulary after some choices.
struct goes_astray : sampling<runs_dry> {
  using sampling<runs_dry>::sampling;
  static std::int32_t draw(candidates& left, philox& generator) {
    return left.empty() ? 20 : sampling<runs_dry>::draw(left, generator);
  }
};

}  // namespace

TEST_CASE("continues a conversation where the sampler found no token, or a wrong one") {
  const weights<large_model> weights{testing::random_parameters<large_model>(83)};
  lent memory{20, 3};
  const ids prompt{2, 9}, next{5};
  const auto check = [&]<class Sampler>(std::type_identity<Sampler>, index_type choices, index_type drafts) {
    INFO(choices << " choices, " << drafts << " drafts");
    session<large_model> alone{weights};
    session<large_model, all_logits> large{weights};
    session<large_model> small{weights};  // which guesses right
    philox unused{1}, generator{2};
    ids expected, told;
    const auto expects = [&](std::int32_t id) { return expected.push_back(id), true; };
    const auto hears = [&](std::int32_t id) { return told.push_back(id), true; };
    const auto turn = [&](const ids& text, index_type left_alone, index_type left) {
      const generation_request request{.prompt = text, .max_tokens = 9};
      const sampling<runs_dry> ends_alone{runs_dry{&left_alone}};
      (void)generate(alone, request, ends_alone, memory.candidates, unused, expects);
      return generate_speculatively(large, small, request, drafts, Sampler{runs_dry{&left}}, memory.view(), generator,
                                    hears);
    };
    const auto done = turn(prompt, choices, choices);
    const bool errs = std::is_same_v<Sampler, goes_astray>;  // where it draws and does not only judge a draft
    if (!errs || drafts == 0) REQUIRE(done.has_value() == !errs);
    if (done) CHECK(done->ending == text_ending::nothing_to_choose);
    else CHECK(done.error().what == inference_error::problem::id_outside_vocabulary);
    CHECK(told == expected);
    CHECK(large.length() == alone.length());
    CHECK(small.length() == alone.length());
    REQUIRE(turn(next, 99, 99));
    CHECK(told == expected);
    CHECK(small.length() == large.length());
  };
  for (const index_type choices : {0, 1, 3, 4, 5})
    for (const index_type drafts : {0, 1, 3}) {
      check(std::type_identity<sampling<runs_dry>>{}, choices, drafts);
      check(std::type_identity<goes_astray>{}, choices, drafts);
    }
}

namespace {

/// A session without memory.
struct rejecting_session {
  static constexpr capacities reserved{1, 60, 60};
  static constexpr index_type vocabulary = 20;
  using rewinding = nothing;
  using taken = result<std::span<const float>, inference_error>;
  index_type length() const { return 0; }
  taken prefill(std::span<const std::int32_t>) { return rejected(inference_error::problem::no_memory, 0, 0, 0); }
  taken decode(std::int32_t id) { return prefill({&id, 1}); }
  result<void, inference_error> truncate(index_type, index_type) { return {}; }
};

}  // namespace

TEST_CASE("caches nothing in either session if one of them rejects the prompt") {
  const weights<large_model> of_large{testing::random_parameters<large_model>(81)};
  session<large_model, all_logits> large{of_large};
  rejecting_session small;
  lent memory{20, 3};
  philox generator{1};
  const ids prompt{1, 2, 3}, wrong_at_its_end{1, 2, 20};
  for (const ids& text : {prompt, wrong_at_its_end}) {
    CHECK_FALSE(generate_speculatively(large, small, {.prompt = text, .max_tokens = 5}, 3, *sampling_with(top_k::of(1)),
                                       memory.view(), generator, [](std::int32_t) { return true; }));
    CHECK(large.length() == 0);
  }
}

TEST_CASE("keeps the distribution of texts with drafts") {
  using large_of_five = random_llama<2, 16, 5, 8>;
  using small_of_five = random_llama<1, 8, 5, 8>;
  const weights<large_of_five> of_large{testing::random_parameters<large_of_five>(91)};
  const weights<small_of_five> of_small{testing::random_parameters<small_of_five>(92)};
  constexpr float heat = 1.3f;
  const auto sampler = *sampling_with(temperature::of(heat));
  const ids prompt{2, 0};

  // The probability of each of the 125 texts of three tokens, by the large model.
  std::vector<double> exact;
  for (std::int32_t code = 0; code < 125; ++code) {
    session<large_of_five> alone{of_large};
    auto logits = alone.prefill(prompt);
    double probability = 1;
    for (const std::int32_t id : {code / 25, code / 5 % 5, code % 5}) {
      REQUIRE(logits);
      probability *= softmax(*logits, heat)[std::size_t(id)];
      logits = alone.decode(id);
    }
    exact.push_back(probability);
  }

  constexpr int draws = 20'000;
  std::vector<int> counts(125);
  session<large_of_five, all_logits> large{of_large};
  session<small_of_five> small{of_small};
  lent memory{5, 2};
  philox generator{93};
  index_type drafted = 0, accepted = 0;
  for (int i = 0; i < draws; ++i) {
    large.reset();
    small.reset();
    std::size_t code = 0;
    const auto done = generate_speculatively(large, small, {.prompt = prompt, .max_tokens = 3}, 2, sampler,
                                             memory.view(), generator, [&](std::int32_t id) {
                                               code = code * 5 + std::size_t(id);
                                               return true;
                                             });
    REQUIRE(done);
    ++counts[code];
    drafted += done->drafted;
    accepted += done->accepted;
  }
  CHECK(accepted > drafted / 10);
  CHECK(accepted < drafted * 9 / 10);
  CHECK(std::abs(chi_square_excess(exact, counts, draws)) < 4);
}

TEST_CASE("rejects in speculation what generate rejects, and ends if there is no token") {
  const weights<large_model> of_large{testing::random_parameters<large_model>(81)};
  const weights<small_model> of_small{testing::random_parameters<small_model>(82)};
  session<large_model, all_logits> large{of_large};
  session<small_model> small{of_small};
  lent memory{20, 3};
  philox generator{1};
  std::vector<std::uint32_t> words(1);
  const auto none = *sampling_with(allowed_tokens{token_set{words}});
  const auto all = [](std::int32_t) { return true; };
  const ids prompt{1, 2}, beyond{1, 20}, long_prompt(61, 3);
  const auto rejected = [&](const ids& tokens) {
    const auto text = generate_speculatively(large, small, {.prompt = tokens, .max_tokens = 5}, 3, none, memory.view(),
                                             generator, all);
    REQUIRE_FALSE(text);
    return text.error().what;
  };
  CHECK(rejected({}) == inference_error::problem::no_tokens);
  CHECK(rejected(long_prompt) == inference_error::problem::context_is_full);
  CHECK(rejected(beyond) == inference_error::problem::id_outside_vocabulary);
  large.reset();
  small.reset();
  const auto text =
      generate_speculatively(large, small, {.prompt = prompt, .max_tokens = 5}, 3, none, memory.view(), generator, all);
  REQUIRE(text);
  CHECK(text->count == 0);
  CHECK(text->ending == text_ending::nothing_to_choose);
  CHECK(large.length() == 2);
}

}  // namespace typeformer
