// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <cstddef>
#include <limits>
#include <string_view>
#include <vector>

#include <typeformer/generation/sampler.hpp>
#include <typeformer/generation/samplers.hpp>

#include <support/catch.hpp>

using namespace typeformer;

static_assert(Sampler<greedy, philox>);
static_assert(Sampler<sampling<>, philox>);
static_assert(Sampler<sampling<temperature, top_k, top_p>, philox>);
static_assert(SamplingFilter<top_k>);
static_assert(!SamplingFilter<greedy>);

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity(),
                not_a_number = std::numeric_limits<float>::quiet_NaN();

std::vector<std::int32_t> kept(const std::vector<float>& logits, auto... filters) {
  std::vector<candidate> workspace(logits.size());
  candidates left{logits, workspace};
  (filters(left), ...);
  std::vector<std::int32_t> ids;
  for (const candidate& item : left.items()) ids.push_back(item.id);
  return ids;
}

using ids = std::vector<std::int32_t>;

constexpr std::int32_t drawn_in_constant_evaluation(std::uint64_t seed) {
  constexpr std::array logits{1.0f, 4.0f, 2.0f, 3.5f, -1.0f};
  constexpr auto sampler = sampling_with(temperature::of(0.7f), top_k::of(3), top_p::of(0.9f));
  std::array<candidate, 5> workspace{};
  philox generator{seed};
  return sampler.value()(logits, workspace, generator);
}
static_assert(drawn_in_constant_evaluation(1) == 1 || drawn_in_constant_evaluation(1) == 3);
static_assert(greedy{}(std::array{1.0f, 4.0f, 2.0f}) == 1);

}  // namespace

TEST_CASE("chooses the lowest id of the greatest logit in greedy, never NaN or minus infinity") {
  const auto chosen = [](const std::vector<float>& logits) { return greedy{}(logits); };
  CHECK(chosen({1, 3, 2, 3}) == 1);
  CHECK(chosen({not_a_number, 1, not_a_number, 2}) == 3);
  CHECK(chosen({not_a_number, -5}) == 1);
  CHECK(chosen({-infinity, std::numeric_limits<float>::lowest()}) == 1);
  CHECK(chosen({0, infinity, infinity}) == 1);
  CHECK(chosen({not_a_number, -infinity}) == no_token);
  CHECK(chosen({}) == no_token);
  philox generator{1};
  CHECK(greedy{}(std::array{1.0f, 2.0f}, {}, generator) == 1);
  CHECK(generator == philox{1});
}

TEST_CASE("rejects parameters of filters that are out of range") {
  for (const float value : {0.0f, -0.0f, -1.0f, not_a_number, infinity}) {
    INFO(value);
    REQUIRE_FALSE(temperature::of(value));
    CHECK(temperature::of(value).error() == sampling_error::problem::temperature_is_not_a_positive_finite_number);
  }
  CHECK(temperature::of(std::numeric_limits<float>::denorm_min()));
  for (const std::ptrdiff_t k : {std::ptrdiff_t{0}, std::ptrdiff_t{-1}, std::numeric_limits<std::ptrdiff_t>::min()}) {
    REQUIRE_FALSE(top_k::of(k));
    CHECK(top_k::of(k).error() == sampling_error::problem::top_k_is_less_than_one);
  }
  for (const float p : {0.0f, -0.1f, 1.0000001f, not_a_number, infinity}) {
    INFO(p);
    REQUIRE_FALSE(top_p::of(p));
    CHECK(top_p::of(p).error() == sampling_error::problem::top_p_is_outside_of_zero_to_one);
  }
  CHECK(top_p::of(1));

  const auto first_rejected = sampling_with(temperature::of(1), top_k::of(0), top_p::of(2));
  REQUIRE_FALSE(first_rejected);
  CHECK(first_rejected.error() == sampling_error::problem::top_k_is_less_than_one);
  CHECK(first_rejected.error().message() == "top-k must keep at least one candidate");
}

TEST_CASE("makes candidates of the logits that can be chosen") {
  CHECK(kept({not_a_number, 1, -infinity, 2, infinity}) == ids{1, 3, 4});
  CHECK(kept({not_a_number, -infinity}) == ids{});
}

TEST_CASE("keeps the k greatest logits in top_k, sorted, equal ones by lower id") {
  CHECK(kept({1, 5, 3, 4, 2}, *top_k::of(2)) == ids{1, 3});
  CHECK(kept({2, 1, 2, 2, 2}, *top_k::of(3)) == ids{0, 2, 3});
  CHECK(kept({7, 7, 7, 7}, *top_k::of(1)) == ids{0});
  CHECK(kept({1, 2, 3}, *top_k::of(3)) == ids{0, 1, 2});
  CHECK(kept({1, 2, 3}, *top_k::of(1'000'000)) == ids{0, 1, 2});
  CHECK(kept({1, not_a_number, -infinity, 2}, *top_k::of(3)) == ids{0, 3});
  CHECK(kept({1, 5, 3, 4, 2}, *top_k::of(4), *top_k::of(2)) == ids{1, 3});
  CHECK(kept({}, *top_k::of(3)) == ids{});
}

TEST_CASE("keeps the smallest prefix that reaches p in top_p") {
  // Four equal candidates weigh exactly a quarter each.
  CHECK(kept({2, 2, 2, 2}, *top_p::of(0.25f)) == ids{0});
  CHECK(kept({2, 2, 2, 2}, *top_p::of(0.2500001f)) == ids{0, 1});
  CHECK(kept({2, 2, 2, 2}, *top_p::of(0.5f)) == ids{0, 1});
  CHECK(kept({2, 2, 2, 2}, *top_p::of(0.75f)) == ids{0, 1, 2});
  CHECK(kept({2, 2, 2, 2}, *top_p::of(0.99f)) == ids{0, 1, 2, 3});
  CHECK(kept({2, 2, 2, 2}, *top_p::of(1)) == ids{0, 1, 2, 3});
  CHECK(kept({-3}, *top_p::of(0.01f)) == ids{0});
  CHECK(kept({1, 9, 2}, *top_p::of(std::numeric_limits<float>::denorm_min())) == ids{1});
  CHECK(kept({1, infinity, infinity}, *top_p::of(0.9f)) == ids{1, 2});
  CHECK(kept({}, *top_p::of(0.5f)) == ids{});
  SECTION("of the candidates that an earlier filter kept") {
    // ln 4, ln 3, ln 2, ln 1: of the greatest two, 4/7 and 3/7.
    const std::vector<float> logits{0, 1.3862944f, 0.6931472f, 1.0986123f};
    CHECK(kept(logits, *top_p::of(0.57f)) == ids{1, 3});
    CHECK(kept(logits, *top_k::of(2), *top_p::of(0.57f)) == ids{1});
    CHECK(kept(logits, *top_k::of(2), *top_p::of(0.58f)) == ids{1, 3});
  }
}

TEST_CASE("divides the differences of logits by the temperature") {
  std::array logits{1.0f, 3.0f, not_a_number, 2.0f};
  std::array<candidate, 4> workspace{};
  candidates left{logits, workspace};
  (*temperature::of(0.5f))(left);
  REQUIRE(left.size() == 3);
  CHECK(left.items()[0].logit - left.items()[1].logit == -4.0f);
  CHECK(left.items()[2].logit - left.items()[1].logit == -2.0f);
  SECTION("is greedy near 0 and uniform for large temperatures") {
    CHECK(kept({-7, -5, -6}, *temperature::of(std::numeric_limits<float>::denorm_min())) == ids{1});
    (*temperature::of(std::numeric_limits<float>::max()))(left);
    CHECK(left.weigh() == 3 * std::uint64_t{full_softmax_weight});
    CHECK(kept({1, infinity, infinity}, *temperature::of(0.5f)) == ids{1, 2});
  }
  SECTION("after a filter that sorts") {
    CHECK(kept({1, 5, 3, 4, 2}, *top_k::of(3), *temperature::of(2), *top_k::of(2)) == ids{1, 3});
    CHECK(kept({0, 1, 2, 9}, *top_p::of(0.9f), *temperature::of(100)) == ids{3});
  }
}

TEST_CASE("takes one word of the generator for a draw, or none if nothing can be chosen") {
  const auto sampler = *sampling_with(temperature::of(0.8f), top_k::of(40), top_p::of(0.95f));
  std::array<candidate, 3> workspace{};
  philox used{5}, called{5};
  CHECK(sampler(std::array{not_a_number, 2.0f, -infinity}, workspace, used) == 1);
  called();
  CHECK(used == called);
  CHECK(sampler(std::array{not_a_number, -infinity}, workspace, used) == no_token);
  CHECK(sampler({}, {}, used) == no_token);
  CHECK(used == called);
}
