// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <laws/check_verdict.hpp>
#include <laws/own_inputs.hpp>
#include <support/catch.hpp>
#include <typeformer/laws/random_values.hpp>

namespace tf = typeformer;
using mine::diary, mine::reader, mine::time_stamps, mine::weekdays, mine::speakers;

namespace {

template <class M> const tf::weights<M>& random_weights() {
  static const tf::parameters<M> values = [] {
    tf::parameters<M> p;
    const std::vector<float> random = tf::laws::random_values<float>(p.size());
    std::copy(random.begin(), random.end(), p.data());
    return p;
  }();
  static const tf::weights<M> packed{values};
  return packed;
}

/// A text with its inputs.
struct text {
  std::vector<std::int32_t> ids, days;
  std::vector<float> stamps;
  std::int32_t speaker;
};
const text first{{1, 2, 3, 4, 5, 6}, {0, 6, 1, 5, 2, 4}, tf::laws::random_values<float>(12, 31), 2},
    second{{7, 8, 9}, {3, 3, 0}, tf::laws::random_values<float>(6, 32), 1};
const std::array<std::int32_t, 2> both_speakers{2, 1};

template <class Run, class Stamps, class Days, class Speakers>
void give(Run& run, const Stamps& stamps, const Days& days, const Speakers& who) {
  run.template give<time_stamps>(stamps);
  run.template give<weekdays>(days);
  run.template give<speakers>(who);
}
/// The logits of each token, in one pass.
std::vector<float> logits_of(const text& t) {
  tf::forward_pass<diary> whole{random_weights<diary>()};
  give(whole, t.stamps, t.days, std::span{&t.speaker, 1});
  const auto y = whole.run(std::span<const std::int32_t>{t.ids});
  REQUIRE(y);
  return {y->data, y->data + t.ids.size() * 11};
}
void check_logits(std::span<const float> found, const text& t, std::size_t row) {
  const std::vector<float> expected = logits_of(t);
  for (std::size_t i = 0; i < 11; ++i) CHECK(found[i] == Approx(expected[row * 11 + i]).margin(2e-6));
}
template <class T> std::vector<T> joined(std::vector<T> a, const std::vector<T>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}
template <class Result> std::string message_of(const Result& rejected) {
  REQUIRE_FALSE(rejected);
  return std::string(std::string_view(rejected.error().message()));
}

struct plain : tf::decoder_only<tf::token_embedding<tf::vocabulary<11>, tf::width<8>>,
                                tf::learned_positions<tf::context<8>>, tf::tied_head> {};
using run_of_two = tf::session<diary, tf::batch<2>, tf::tokens<2>>;

}  // namespace

TEST_CASE("plans an input of the user's own and tells it from others", "[own inputs]") {
  using plan = tf::session<diary>::plan;
  STATIC_REQUIRE(plan::value.reads<time_stamps>());
  STATIC_REQUIRE(plan::value.reads<speakers>());
  STATIC_REQUIRE(tf::own_inputs<plan>.size() == 3);
  STATIC_REQUIRE(tf::own_inputs<tf::session<plain>::plan>.empty());
}

TEST_CASE("obeys the laws: a layer with inputs of its own, and models with it", "[own inputs]") {
  tf::laws::check_verdict(tf::laws::examine_layer<mine::moment_embedding, 4>());
  tf::laws::check_verdict(tf::laws::examine_model<diary>());
  tf::laws::check_verdict(tf::laws::examine_model<reader, tf::sequence_classification>());
}

TEST_CASE("decodes with inputs of one's own as in one pass", "[own inputs]") {
  run_of_two run{random_weights<diary>()};
  const auto stamps = joined(std::vector<float>(first.stamps.begin(), first.stamps.begin() + 10), second.stamps);
  const auto days = joined(std::vector<std::int32_t>(first.days.begin(), first.days.begin() + 5), second.days);
  give(run, stamps, days, both_speakers);
  const std::array prompts{std::span{first.ids}.first(5), std::span<const std::int32_t>{second.ids}};
  REQUIRE(run.prefill(std::span<const std::span<const std::int32_t>>{prompts}));  // in three passes
  check_logits(*run.logits(0), first, 4);
  check_logits(*run.logits(1), second, 2);
  give(run, std::span{first.stamps}.last(2), std::span{first.days}.last(1), both_speakers);
  REQUIRE(run.decode(std::array{first.ids[5], tf::no_token}));
  check_logits(*run.logits(0), first, 5);
}

TEST_CASE("takes the rows of a padded prompt's valid tokens", "[own inputs]") {
  tf::session<diary, tf::batch<2>, tf::tokens<4>> run{random_weights<diary>()};
  const std::vector<std::int32_t> ids{1, 0, 2, 3, 7, 8, 9, 0}, days{0, 4, 6, 1, 3, 3, 0, 5};
  const std::vector<std::uint8_t> valid{1, 0, 1, 1, 1, 1, 1, 0};
  std::vector<float> stamps(16, 9);
  for (const auto& [to, from] : {std::pair{0, 0}, {2, 1}, {3, 2}})
    std::copy_n(first.stamps.begin() + 2 * from, 2, stamps.begin() + 2 * to);
  std::copy_n(second.stamps.begin(), 6, stamps.begin() + 8);
  give(run, stamps, days, both_speakers);
  REQUIRE(run.prefill(tf::padded_tokens{ids, valid, 4}));
  check_logits(*run.logits(0), first, 2);
  check_logits(*run.logits(1), second, 2);
}

TEST_CASE("rejects a call without the inputs that its model reads, and changes nothing", "[own inputs]") {
  run_of_two run{random_weights<diary>()};
  CHECK(message_of(run.prefill(std::span<const std::int32_t>{second.ids})) == "input time stamps: it was not given");
  give(run, std::span{second.stamps}.first(5), second.days, std::span{&second.speaker, 1});
  CHECK(message_of(run.prefill(std::span<const std::int32_t>{second.ids})) ==
        "input time stamps: it has other rows than the call: found 5, the limit is 6");
  const std::array<std::int32_t, 3> wrong_days{3, 7, 0};
  give(run, second.stamps, wrong_days, std::span{&second.speaker, 1});
  CHECK(message_of(run.prefill(std::span<const std::int32_t>{second.ids})) ==
        "input weekdays, row 1: an id lies outside its table: found 7, the limit is 7");
  const std::int32_t nobody = -1;
  give(run, second.stamps, second.days, std::span{&nobody, 1});
  CHECK(message_of(run.prefill(std::span<const std::int32_t>{second.ids})) ==
        "input speakers, row 0: an id lies outside its table: found -1, the limit is 3");
  CHECK(run.length() == 0);
  give(run, second.stamps, second.days, std::span{&second.speaker, 1});
  REQUIRE(run.prefill(std::span<const std::int32_t>{second.ids}));
  check_logits(*run.logits(0), second, 2);
  CHECK_FALSE(run.decode(1));  // they are given once
  CHECK(run.length() == 3);
}

TEST_CASE("rejects a forward pass without the inputs that its model reads", "[own inputs]") {
  tf::forward_pass<reader, tf::batch<2>> run{random_weights<reader>()};
  const std::vector<std::int32_t> ids{1, 2, 3, 4, 5, 6}, days{0, 1, 2, 3, 4, 6};
  const std::vector<std::uint8_t> valid{1, 1, 0, 1, 1, 1};
  const std::vector<float> stamps = tf::laws::random_values<float>(12, 5);
  const tf::padded_tokens padded{ids, valid, 3};
  CHECK(message_of(run.run(padded)).find("input time stamps") == 0);
  std::array<std::int32_t, 2> who{0, 3};
  give(run, stamps, days, who);
  CHECK(message_of(run.run(padded)) == "input speakers, row 1: an id lies outside its table: found 3, the limit is 3");
  who[1] = 2;
  give(run, stamps, days, who);
  REQUIRE(run.run(padded));
  CHECK_FALSE(run.run(padded));
}

TEST_CASE("holds an input of the user's own in place", "[own inputs]") {
  using own = tf::session<diary, tf::storage::in_place, tf::reads<tf::canonical>>;
  STATIC_REQUIRE(sizeof(own) == tf::footprint<diary, tf::decoding>::ram_bytes);
  static std::array<float, std::size_t(tf::parameter_count<diary>)> values{};
  static const tf::canonical_weights<diary> flash{values};
  static own run{flash};
  give(run, second.stamps, second.days, std::span{&second.speaker, 1});
  CHECK(run.prefill(std::span<const std::int32_t>{second.ids}));
}
