// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

#include <rapidjson/document.h>

#include <typeformer/generation/samplers.hpp>

#include <support/catch.hpp>

namespace typeformer {
namespace {

using ids = std::vector<std::int32_t>;
constexpr float infinity = std::numeric_limits<float>::infinity(),
                not_a_number = std::numeric_limits<float>::quiet_NaN();

struct left_over {
  std::vector<float> logits;
  std::vector<candidate> workspace = std::vector<candidate>(logits.size());
  candidates left{logits, workspace};

  template <class... Filters>
  left_over(std::vector<float> given, const Filters&... filters) : logits{std::move(given)} {
    (filters(left), ...);
  }
  ids kept() const {
    ids all;
    for (const candidate& item : left.items()) all.push_back(item.id);
    return all;
  }
  float logit_of(std::int32_t id) const {
    for (const candidate& item : left.items())
      if (item.id == id) return item.logit;
    return not_a_number;
  }
};

/// Counts and sets for a vocabulary of 64, with their memory.
struct memories {
  std::vector<std::int32_t> counts = std::vector<std::int32_t>(64);
  std::vector<std::uint32_t> words = std::vector<std::uint32_t>(std::size_t(token_set::words_for(64)));
  token_counts came{counts};
  token_set set{words};
};

void apply(const rapidjson::Value& link, candidates& left, memories& m) {
  const std::string name = link[0].GetString();
  if (name == "banned") {
    for (const auto& id : link[1].GetArray()) m.set.insert(id.GetInt());
    return banned_tokens{m.set}(left);
  }
  const float value = link[1].GetFloat();
  if (name == "temperature") (*temperature::of(value))(left);
  else if (name == "top_k") (*top_k::of(link[1].GetInt()))(left);
  else if (name == "top_p") (*top_p::of(value))(left);
  else if (name == "min_p") (*min_p::of(value))(left);
  else if (name == "typical") (*typical::of(value))(left);
  else if (name == "repetition") (*repetition_penalty::of(value, m.came))(left);
  else FAIL("a link named " << name);
}

}  // namespace

TEST_CASE("keeps the candidates of transformers' chains, with the same probabilities") {
  std::ifstream file{std::string{TYPEFORMER_SOURCE_DIR} + "/tests/generation/sampling_chains.json"};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  rapidjson::Document made;
  made.Parse(text.c_str());
  REQUIRE(made.IsObject());
  REQUIRE(made["cases"].Size() > 80);
  for (const auto& expected : made["cases"].GetArray()) {
    std::vector<float> logits;
    for (const auto& logit : made["rows"][expected["row"].GetUint()].GetArray()) logits.push_back(logit.GetFloat());
    std::vector<candidate> workspace(logits.size());
    candidates left{logits, workspace};
    memories m;
    for (const auto& id : made["came"].GetArray()) m.came.add(id.GetInt());
    std::string chain;
    for (const auto& link : expected["chain"].GetArray()) {
      chain += std::string{" "} + link[0].GetString();
      apply(link, left, m);
    }
    INFO("row " << expected["row"].GetUint() << chain);
    const double total = double(left.weigh());
    std::vector<double> probability(logits.size(), -1.0), from_transformers(logits.size(), -1.0);
    for (const candidate& item : left.items()) probability[std::size_t(item.id)] = item.weight / total;
    for (rapidjson::SizeType i = 0; i < expected["kept"].Size(); ++i)
      from_transformers[expected["kept"][i].GetUint()] = expected["probabilities"][i].GetDouble();
    double worst = 0;
    for (std::size_t id = 0; id < logits.size(); ++id)
      worst = std::max(worst, std::abs(probability[id] - from_transformers[id]));
    CHECK(worst < 2e-7);
  }
}

TEST_CASE("keeps candidates that are probable enough in min_p") {
  // Of ln 8, ln 4, ln 2, ln 1 the greatest is 8: an eighth, a quarter, a half.
  const std::vector<float> logits{0, 2.0794415f, 0.6931472f, 1.3862944f};
  CHECK(left_over(logits, *min_p::of(0.51f)).kept() == ids{1});
  CHECK(left_over(logits, *min_p::of(0.49f)).kept() == ids{1, 3});
  CHECK(left_over(logits, *min_p::of(0.2f)).kept() == ids{1, 2, 3});
  CHECK(left_over(logits, *min_p::of(0)).kept() == ids{0, 1, 2, 3});
  CHECK(left_over({3, 3, 2}, *min_p::of(1)).kept() == ids{0, 1});
  CHECK(left_over({1, infinity, infinity}, *min_p::of(0.01f)).kept() == ids{1, 2});
  CHECK(left_over({not_a_number}, *min_p::of(0.5f)).kept().empty());
  CHECK(left_over(logits, *top_k::of(3), *min_p::of(0.2f)).kept() == ids{1, 3, 2});
}

TEST_CASE("keeps candidates whose information is near the entropy in typical") {
  // Probabilities 1/2, 1/4, 1/8, 1/8: 1, 2, 3 and 3 bits, 1.75 expected; 1/4 is nearest, then 1/2.
  const float bit = 0.6931472f;
  const std::vector<float> logits{-bit, -2 * bit, -3 * bit, -3 * bit};
  CHECK(left_over(logits, *typical::of(0.2f)).kept() == ids{1});
  CHECK(left_over(logits, *typical::of(0.26f)).kept() == ids{0, 1});
  CHECK(left_over(logits, *typical::of(0.74f)).kept() == ids{0, 1});
  CHECK(left_over(logits, *typical::of(0.76f)).kept() == ids{0, 1, 2, 3});  // the last two are as near
  CHECK(left_over(logits, *typical::of(1)).kept() == ids{0, 1, 2, 3});
  CHECK(left_over({2, 2, 2}, *typical::of(0.1f)).kept() == ids{0, 1, 2});
  CHECK(left_over({-infinity, 4}, *typical::of(0.1f)).kept() == ids{1});
  CHECK(left_over({}, *typical::of(0.5f)).kept().empty());
  CHECK(left_over({1, infinity, infinity}, *typical::of(0.9f)).kept() == ids{1, 2});
  SECTION("computes the weights again after the greatest were removed") {
    left_over far{{30, 0, -1}, *typical::of(0.5f)};
    CHECK(far.kept() == ids{0});
    memories m;
    m.set.insert(0);
    left_over rest{{30, 0, 0}, *min_p::of(0), banned_tokens{m.set}};
    CHECK(rest.left.weigh() == 2 * std::uint64_t{full_softmax_weight});
  }
}

TEST_CASE("penalizes tokens that occurred") {
  memories m;
  m.came.add(ids{1, 3, 3, 3, 2, 99, -4});
  CHECK(m.came.of(3) == 3);
  CHECK(m.came.of(99) == 0);
  const std::vector<float> logits{2, 2, -2, -1, 0};
  const auto check = [&](const left_over& all, const std::vector<float>& expected) {
    REQUIRE(all.kept() == ids{0, 1, 2, 3, 4});
    for (std::int32_t id = 0; id < 5; ++id) CHECK(all.logit_of(id) == expected[std::size_t(id)]);
  };
  check({logits, *repetition_penalty::of(2, m.came)}, {2, 1, -4, -2, 0});
  check({logits, *repetition_penalty::of(0.5f, m.came)}, {2, 4, -1, -0.5f, 0});
  check({logits, *repetition_penalty::of(1, m.came)}, logits);
  check({logits, *frequency_penalty::of(0.5f, m.came)}, {2, 1.5f, -2.5f, -2.5f, 0});
  check({logits, *presence_penalty::of(0.5f, m.came)}, {2, 1.5f, -2.5f, -1.5f, 0});
  check({logits, *presence_penalty::of(-1, m.came)}, {2, 3, -1, 0, 0});
  check({logits, *frequency_penalty::of(1, m.came), *presence_penalty::of(1, m.came)}, {2, 0, -4, -5, 0});
  m.came.clear();
  check({logits, *repetition_penalty::of(2, m.came), *frequency_penalty::of(2, m.came)}, logits);
}

TEST_CASE("keeps allowed tokens and removes banned ones") {
  memories m;
  for (const std::int32_t id : {1, 31, 32, 63, -1, 64, std::numeric_limits<std::int32_t>::max()}) m.set.insert(id);
  m.set.erase(31);
  m.set.erase(64);
  ids contained;
  for (std::int32_t id = -3; id < 70; ++id)
    if (m.set.contains(id)) contained.push_back(id);
  CHECK(contained == ids{1, 32, 63});
  CHECK(left_over(std::vector<float>(40), allowed_tokens{m.set}).kept() == ids{1, 32});
  CHECK(left_over(std::vector<float>(3), banned_tokens{m.set}).kept() == ids{0, 2});
  CHECK(left_over({1, 9, 2, 3}, *top_k::of(3), banned_tokens{m.set}, *top_k::of(1)).kept() == ids{3});
  CHECK(left_over(std::vector<float>(2), allowed_tokens{m.set}, banned_tokens{m.set}).kept().empty());
}

namespace {
/// Brackets: 0 opens, 1 closes, 2 ends when all are closed; no more than three are open.
struct balanced {
  int open = 0;
  bool ended = false;
  bool allows(std::int32_t id) const {
    if (ended) return false;
    return id == 0 ? open < 3 : id == 1 ? open > 0 : id == 2 && open == 0;
  }
  void take(std::int32_t id) {
    open += id == 0 ? 1 : id == 1 ? -1 : 0;
    ended = id == 2;
  }
};
static_assert(TokenConstraint<balanced>);
static_assert(!TokenConstraint<token_set>);
}  // namespace

TEST_CASE("asks a constraint for the allowed tokens, and tells it the chosen one") {
  philox generator{77};
  std::vector<candidate> workspace(5);
  int texts_that_opened = 0;
  for (int text = 0; text < 50; ++text) {
    balanced grammar;
    memories m;
    const auto sampler =
        *sampling_with(temperature::of(0.9f), constrained_by{grammar}, *top_k::of(2), count_chosen{m.came});
    ids told;
    for (std::int32_t id = 0; told.size() < 1000 && id != no_token;) {
      id = sampler(std::vector<float>{0.5f, 0.4f, 0.3f, 9.0f, not_a_number}, workspace, generator);
      if (id != no_token) told.push_back(id);
    }
    REQUIRE(told.size() < 1000);
    CHECK(told.back() == 2);
    CHECK(m.came.of(0) == m.came.of(1));
    CHECK(m.came.of(2) == 1);
    CHECK(m.came.of(0) + m.came.of(1) + 1 == std::int32_t(told.size()));
    texts_that_opened += told.size() > 1;
  }
  CHECK(texts_that_opened > 10);
}

TEST_CASE("rejects parameters of penalties, min_p and typical that are out of range") {
  memories m;
  for (const float value : {-0.1f, 1.0000001f, not_a_number, infinity}) {
    INFO(value);
    CHECK(min_p::of(value).error() == sampling_error::problem::min_p_is_outside_of_zero_to_one);
    CHECK(typical::of(value).error() == sampling_error::problem::typical_mass_is_outside_of_zero_to_one);
  }
  CHECK(min_p::of(0));
  CHECK_FALSE(typical::of(0));
  for (const float value : {0.0f, -1.0f, not_a_number, infinity})
    CHECK(repetition_penalty::of(value, m.came).error() ==
          sampling_error::problem::repetition_penalty_is_not_a_positive_finite_number);
  for (const float value : {not_a_number, infinity, -infinity}) {
    CHECK(frequency_penalty::of(value, m.came).error() == sampling_error::problem::penalty_is_not_a_finite_number);
    CHECK(presence_penalty::of(value, m.came).error() == sampling_error::problem::penalty_is_not_a_finite_number);
  }
  const auto rejected = sampling_with(banned_tokens{m.set}, min_p::of(0.1f), typical::of(2), top_p::of(7));
  REQUIRE_FALSE(rejected);
  CHECK(rejected.error().message() == "the mass of typical sampling must lie in (0, 1]");
}

}  // namespace typeformer
