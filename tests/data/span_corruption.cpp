// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include <support/catch.hpp>
#include <typeformer/hosted/data/span_corruption.hpp>

namespace typeformer {
namespace {

using ids = std::vector<std::int32_t>;
using flags = std::vector<std::uint8_t>;
using enum span_replacement;

static_assert(detail::round_half_to_even(0.5) == 0 && detail::round_half_to_even(1.5) == 2);
static_assert(detail::round_half_to_even(2.5) == 2 && detail::round_half_to_even(2.5000001) == 3);
// The setting of §3.1.4, and the numbers that T5's tests give for it and for others.
static_assert(noise_spans{}.lengths_for(512) == corruption_lengths{568, 114});
static_assert(noise_spans::of(0.2, 2)->lengths_for(64) == corruption_lengths{70, 22});
static_assert(noise_spans::of(0.2, 1)->lengths_for(64) == corruption_lengths{63, 27});
static_assert(noise_spans::of(0.25, 2)->counts(32) == noise_counts{8, 4});
static_assert(noise_spans{}.counts(568) == noise_counts{85, 28});
static_assert(noise_spans::of(0.07, 3)->counts(150) ==
              noise_counts{10, 3});  // 10.5 in float32, a little more in double
static_assert(noise_spans{}.counts(2) == noise_counts{1, 1} && noise_spans{}.counts(1) == noise_counts{0, 0});

constexpr std::int32_t corrupted_at_compile_time(std::size_t place) {
  const std::int32_t tokens[] = {10, 11, 12, 13, 14, 15};
  const std::uint8_t noise[] = {0, 1, 1, 0, 0, 1};
  std::int32_t inputs[6] = {}, targets[6] = {};
  const auto text = corrupt_spans(tokens, noise, {999, 100}, inputs, targets);
  return (*text).targets[place];
}
static_assert(corrupted_at_compile_time(0) == 999 && corrupted_at_compile_time(1) == 11 &&
              corrupted_at_compile_time(3) == 998);

template <span_replacement Replacement, taken_out Taken> ids replaced(const ids& tokens, const flags& noise) {
  ids out(tokens.size());
  const auto written = replace_spans<Replacement, Taken>(tokens, noise, {999, 100}, out);
  REQUIRE(written);
  return {written->begin(), written->end()};
}

// google-research/text-to-text-transfer-transformer e081111c, preprocessors_test.py, lines 138 to 183.
TEST_CASE("replaces spans as in T5's tests") {
  const ids tokens{10, 11, 12, 13, 14, 15};
  const flags noise{1, 1, 0, 0, 1, 0};
  CHECK(replaced<sentinel_for_each_token, taken_out::noise>(tokens, noise) == ids{999, 999, 12, 13, 999, 15});
  CHECK(replaced<sentinel_for_each_span, taken_out::noise>(tokens, noise) == ids{999, 12, 13, 999, 15});
  CHECK(replaced<sentinel_for_each_span, taken_out::all_but_noise>(tokens, noise) == ids{10, 11, 999, 14, 999});
  CHECK(replaced<next_sentinel, taken_out::noise>(tokens, noise) == ids{999, 12, 13, 998, 15});
  CHECK(replaced<nothing, taken_out::noise>(tokens, noise) == ids{12, 13, 15});
  CHECK(replaced<nothing, taken_out::all_but_noise>(tokens, noise) == ids{10, 11, 14});
  CHECK(replaced<next_sentinel, taken_out::noise>({}, {}) == ids{});
}

TEST_CASE("draws the right number of noise tokens, with noise at the end but not at the beginning") {
  philox generator{7};
  for (const double density : {0.01, 0.15, 0.25, 0.5, 0.9, 0.99})
    for (const double mean_length : {1.0, 2.0, 3.0, 32.0})
      for (index_type length = 2; length < 130; ++length) {
        const noise_spans spans = *noise_spans::of(density, mean_length);
        flags noise(static_cast<std::size_t>(length), 7);
        spans.draw(noise, generator);
        const auto counts = spans.counts(length);
        index_type begun = 0;
        for (std::size_t i = 1; i < noise.size(); ++i) begun += noise[i] == 1 && noise[i - 1] == 0;
        INFO(density << " " << mean_length << " " << length);
        CHECK(std::accumulate(noise.begin(), noise.end(), index_type{0}) == counts.tokens);
        CHECK(begun == counts.spans);
        CHECK((noise.front() == 0 && noise.back() == 1));
      }
}

TEST_CASE("draws no noise without density and in texts of fewer than two tokens") {
  philox generator{7};
  for (const auto& [density, length] : std::map<double, std::size_t>{{0.0, 32}, {0.15, 1}, {0.5, 0}}) {
    flags noise(length, 1);
    noise_spans::of(density, 3)->draw(noise, generator);
    CHECK(noise == flags(length, 0));
  }
}

TEST_CASE("draws every mask with the right counts with the same probability") {
  // 4 of 9 tokens in 2 spans: 4 ways to divide the kept ones, 3 to divide the noise.
  const noise_spans spans = *noise_spans::of(0.45, 2);
  REQUIRE(spans.counts(9) == noise_counts{4, 2});
  std::map<flags, int> drawn;
  const int draws = 12'000;
  philox generator{20};
  for (int draw = 0; draw < draws; ++draw) {
    flags noise(9);
    spans.draw(noise, generator);
    ++drawn[noise];
  }
  REQUIRE(drawn.size() == 12);
  double chi_square = 0;
  for (const auto& [mask, count] : drawn) chi_square += (count - 1000.0) * (count - 1000.0) / 1000.0;
  CHECK(chi_square < 31.26);  // 11 degrees of freedom, one in a thousand
}

TEST_CASE("draws the same noise from the same generator, and other noise from another stream") {
  const auto drawn = [](std::uint64_t stream) {
    flags noise(200);
    philox generator{3, stream};
    noise_spans{}.draw(noise, generator);
    return noise;
  };
  CHECK(drawn(1) == drawn(1));
  CHECK(drawn(1) != drawn(2));
}

TEST_CASE("keeps the whole text in inputs and targets together") {
  for (std::uint64_t stream = 0; stream < 50; ++stream) {
    philox generator{5, stream};
    ids tokens(100 + stream), inputs(tokens.size()), targets(tokens.size()), restored;
    std::iota(tokens.begin(), tokens.end(), 0);
    flags noise(tokens.size());
    noise_spans{}.draw(noise, generator);
    const auto text = corrupt_spans(tokens, noise, {32'099, 100}, inputs, targets);
    REQUIRE(text);
    const auto counts = noise_spans{}.counts(static_cast<index_type>(tokens.size()));
    CHECK(static_cast<index_type>(text->inputs.size() + text->targets.size()) ==
          static_cast<index_type>(tokens.size()) + 2 * counts.spans);
    for (const std::int32_t id : text->inputs) {
      if (id < 30'000) {
        restored.push_back(id);
        continue;
      }
      auto at = std::find(text->targets.begin(), text->targets.end(), id);
      REQUIRE(at != text->targets.end());
      for (++at; at != text->targets.end() && *at < 30'000; ++at) restored.push_back(*at);
    }
    CHECK(restored == tokens);
  }
}

TEST_CASE("fills inputs and targets with a text of the computed length") {
  for (const index_type inputs_length : {64, 114, 512, 1024}) {
    const auto lengths = noise_spans{}.lengths_for(inputs_length);
    ids tokens(static_cast<std::size_t>(lengths.tokens), 5), inputs(tokens.size()), targets(tokens.size());
    flags noise(tokens.size());
    philox generator{1};
    noise_spans{}.draw(noise, generator);
    const auto text = corrupt_spans(tokens, noise, {32'099, 100}, inputs, targets);
    REQUIRE(text);
    CHECK(static_cast<index_type>(text->inputs.size()) + 1 <= inputs_length);
    CHECK(static_cast<index_type>(text->inputs.size()) + 1 >= inputs_length - 1);
    CHECK(static_cast<index_type>(text->targets.size()) + 1 == lengths.targets);
  }
  CHECK(noise_spans{}.lengths_for(0) == noise_spans{}.lengths_for(1));
  CHECK(noise_spans::of(0.999'999'999, 1e300)->lengths_for(512).tokens > 0);  // ends
}

TEST_CASE("rejects wrong numbers, too little room and too few sentinels") {
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  for (const double density : {-0.1, 1.0, nan, infinity})
    CHECK(noise_spans::of(density, 3).error() ==
          span_corruption_error::problem::noise_density_is_outside_of_zero_to_one);
  for (const double mean_length : {0.0, 0.5, -3.0, nan, infinity})
    CHECK(noise_spans::of(0.15, mean_length).error() ==
          span_corruption_error::problem::mean_span_length_is_less_than_one);
  const ids tokens{1, 2, 3, 4};
  ids inputs(4), targets(4), small(3);
  CHECK(corrupt_spans(tokens, flags{0, 1}, {99, 100}, inputs, targets).error() ==
        span_corruption_error::problem::noise_has_another_length_than_the_tokens);
  CHECK(corrupt_spans(tokens, flags{0, 1, 0, 1}, {99, 100}, inputs, small).error() ==
        span_corruption_error::problem::no_room_for_the_result);
  CHECK(corrupt_spans(tokens, flags{0, 1, 0, 1}, {99, 1}, inputs, targets).error() ==
        span_corruption_error::problem::more_spans_than_sentinels);
  CHECK(corrupt_spans(tokens, flags{0, 1, 0, 1}, {0, 100}, inputs, targets).error() ==
        span_corruption_error::problem::more_spans_than_sentinels);
  CHECK(corrupt_spans(tokens, flags{0, 1, 0, 1}, {std::numeric_limits<std::int32_t>::min(), 100}, inputs, targets)
            .error() == span_corruption_error::problem::more_spans_than_sentinels);
  CHECK(std::string(span_corruption_error{span_corruption_error::problem::more_spans_than_sentinels}.message())
            .find("sentinels") != std::string::npos);
}

}  // namespace
}  // namespace typeformer
