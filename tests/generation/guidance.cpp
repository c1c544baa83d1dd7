// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <typeformer/generation/combined_sessions.hpp>
#include <typeformer/generation/generate.hpp>
#include <typeformer/generation/greedy.hpp>
#include <typeformer/generation/guidance.hpp>
#include <typeformer/generation/random.hpp>

#include <generation/table_session.hpp>
#include <support/catch.hpp>

namespace typeformer {
namespace {

using ids = std::vector<std::int32_t>;
using row = std::vector<float>;
constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr index_type vocabulary = 7;
using session = testing::table_session<1, 16, vocabulary>;

row log_softmax(const row& logits) {
  double sum = 0;
  for (const float logit : logits) sum += std::exp(double(logit));
  row made;
  for (const float logit : logits) made.push_back(float(double(logit) - std::log(sum)));
  return made;
}
template <class Combine> row combined(const Combine& combine, const row& first, const row& second) {
  row to(first.size());
  combine(first, second, to);
  return to;
}
session random_session(std::uint64_t seed) {
  philox random{seed};
  const auto noise = [&] {
    std::vector<row> rows(std::size_t{vocabulary}, row(std::size_t{vocabulary}));
    for (row& each : rows)
      for (float& logit : each) logit = 4 * uniform01(random);
    return rows;
  };
  return {noise(), noise()};
}

TEST_CASE("guided logits have the probabilities of the paper's formula") {
  const row with{1.0f, -2.0f, 0.5f, 3.0f}, without{0.0f, 1.0f, 2.0f, -1.0f};
  const row p = log_softmax(with), q = log_softmax(without);
  for (const float scale : {0.0f, 0.5f, 1.0f, 1.5f, 3.0f}) {
    row expected;  // log P = log q + scale (log p - log q), normalized
    for (std::size_t id = 0; id < p.size(); ++id) expected.push_back(q[id] + scale * (p[id] - q[id]));
    const row made = log_softmax(combined(*classifier_free_guidance::of(scale), with, without));
    expected = log_softmax(expected);
    for (std::size_t id = 0; id < p.size(); ++id) CHECK(made[id] == Approx(expected[id]).margin(1e-5));
  }
  CHECK(combined(*classifier_free_guidance::of(1), {1.0f, -infinity}, {-infinity, 2.0f}) == row{1.0f, -infinity});
  using problem = sampling_error::problem;
  CHECK(classifier_free_guidance::of(infinity).error() == problem::guidance_scale_is_not_a_finite_number);
}

TEST_CASE("contrastive decoding keeps what the expert finds plausible and subtracts the amateur") {
  // Probabilities of the expert: 0.5, 0.3, 0.15, 0.05.
  const row expert{std::log(0.5f), std::log(0.3f), std::log(0.15f), std::log(0.05f)}, amateur{1.0f, -1.0f, 0.5f, -9.0f};
  const row kept = combined(*contrastive_decoding::of(0.2f), expert, amateur);  // at least 0.1
  for (std::size_t id = 0; id < 3; ++id) CHECK(kept[id] == expert[id] - amateur[id]);
  CHECK(kept[3] == -infinity);
  CHECK(combined(*contrastive_decoding::of(0), expert, amateur)[3] == expert[3] - amateur[3]);
  const row greatest = combined(*contrastive_decoding::of(1), expert, amateur);
  CHECK(greatest[0] == expert[0] - amateur[0]);
  CHECK(greatest[1] == -infinity);
  CHECK(combined(*contrastive_decoding::of(0), {-infinity, 1.0f}, {0.0f, 0.0f}) == row{-infinity, 1.0f});
  CHECK(combined(*contrastive_decoding::of(0.5f), {infinity, 1.0f}, {0.0f, 0.0f}) == row{infinity, -infinity});
  using problem = sampling_error::problem;
  for (const float plausibility : {-0.1f, 1.1f, std::numeric_limits<float>::quiet_NaN()})
    CHECK(contrastive_decoding::of(plausibility).error() == problem::plausibility_is_outside_of_zero_to_one);
}

TEST_CASE("two sessions generate as one, step by step, from prompts of their own") {
  session with = random_session(1), without = random_session(1), with_alone = with, without_alone = without;
  const auto guidance = *classifier_free_guidance::of(1.5f);
  row memory(std::size_t{vocabulary}), expected(std::size_t{vocabulary});
  const ids prompt{1, 2, 3}, begin{1};
  combined_sessions both{with, without, guidance, memory, begin};
  ids chosen;
  philox random{1};
  const auto made =
      generate(both, prompt, 10, greedy{}, {}, random, [&](std::int32_t id) { return chosen.push_back(id), true; });
  REQUIRE(made);
  CHECK(*made == 10);
  auto first = with_alone.prefill(prompt), second = without_alone.prefill(begin);
  for (const std::int32_t id : chosen) {
    guidance(*first, *second, expected);
    CHECK(id == greedy{}(expected));
    first = with_alone.decode(id), second = without_alone.decode(id);
  }
  both.reset();
  CHECK(both.length() == 0);
  CHECK(both.prefill(prompt));
  CHECK(without.length() == 1);
  CHECK(both.prefill(prompt));
  CHECK(without.length() == 4);
  CHECK(with.length() == 6);
}

TEST_CASE("two sessions end with the smaller context, and both prompts count") {
  session expert = random_session(1);
  testing::table_session<1, 9, vocabulary> amateur{random_session(2).last, random_session(2).before};
  row memory(std::size_t{vocabulary});
  const ids prompt{1, 2, 3};
  combined_sessions both{expert, amateur, *contrastive_decoding::of(0.1f), memory};
  static_assert(decltype(both)::reserved.context == 9);
  philox random{1};
  const generation_request request{.prompt = prompt, .max_tokens = 100};
  const auto made = generate(both, request, greedy{}, {}, random, [](std::int32_t) { return true; });
  REQUIRE(made);
  CHECK(made->ending == text_ending::context_is_full);
  CHECK(made->count == 7);  // 6 that are cached, and one more
  CHECK(both.length() == 9);
}

TEST_CASE("a second prompt that is longer ends the text, too") {
  session with = random_session(1), without = random_session(2);
  row memory(std::size_t{vocabulary});
  const ids prompt{1}, longer{1, 2, 3, 4, 5, 6};
  combined_sessions both{with, without, *classifier_free_guidance::of(1.5f), memory, longer};
  philox random{1};
  const generation_request request{.prompt = prompt, .max_tokens = 100};
  const auto made = generate(both, request, greedy{}, {}, random, [](std::int32_t) { return true; });
  REQUIRE(made);
  CHECK(made->ending == text_ending::context_is_full);
  CHECK(made->count == 11);  // the second session holds 6 + 10 of 16
}

TEST_CASE("two sessions need memory for a row") {
  session one = random_session(1), two = random_session(2);
  row memory(std::size_t{vocabulary} - 1);
  combined_sessions both{one, two, *contrastive_decoding::of(0.1f), memory};
  const ids prompt{1};
  CHECK(both.prefill(prompt).error().what == inference_error::problem::workspace_is_too_small);
  CHECK(both.decode(1).error().what == inference_error::problem::workspace_is_too_small);
  CHECK(one.length() == 0);
}

}  // namespace
}  // namespace typeformer
