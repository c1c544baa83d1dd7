// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <typeformer/foundation/uniform_below.hpp>
#include <typeformer/generation/random.hpp>
#include <typeformer/generation/samplers.hpp>
#include <typeformer/generation/watermark.hpp>
#include <typeformer/generation/watermark_detector.hpp>

#include <support/catch.hpp>

namespace typeformer {
namespace {

using ids = std::vector<std::int32_t>;

watermark mark_of(watermark_settings settings) { return *watermark::of(settings); }

TEST_CASE("as many tokens are green as the fraction says, and others behind each token and for each key") {
  for (const float fraction : {0.1f, 0.25f, 0.5f, 0.9f}) {
    const watermark mark = mark_of({.key = 5, .green_fraction = fraction}),
                    other = mark_of({.key = 6, .green_fraction = fraction});
    CHECK(mark.green_fraction() == Approx(fraction).epsilon(1e-6));
    int green = 0, equal_before = 0, equal_key = 0;
    constexpr int previous_tokens = 40, vocabulary = 2003;
    for (int previous = 0; previous < previous_tokens; ++previous)
      for (int id = 0; id < vocabulary; ++id) {
        const bool is_green = mark.is_green(previous, id);
        green += is_green;
        equal_before += is_green == mark.is_green(previous + 1, id);
        equal_key += is_green == other.is_green(previous, id);
      }
    const double all = previous_tokens * vocabulary, f = double(fraction), agree = f * f + (1 - f) * (1 - f);
    CHECK(std::abs(green - f * all) < 4.5 * std::sqrt(all * f * (1 - f)));
    CHECK(std::abs(equal_before - agree * all) < 4.5 * std::sqrt(all * agree * (1 - agree)));
    CHECK(std::abs(equal_key - agree * all) < 4.5 * std::sqrt(all * agree * (1 - agree)));
  }
}

TEST_CASE("the watermark adds its bias to the logits of green tokens and changes nothing else") {
  const watermark mark = mark_of({.key = 9, .green_fraction = 0.4f, .bias = 1.5f});
  std::vector<float> logits(1001);
  philox random{1};
  for (float& each : logits) each = uniform01(random);
  logits[7] = -std::numeric_limits<float>::infinity();
  std::vector<candidate> workspace(logits.size());
  for (const bool is_sorted : {false, true}) {
    candidates left{logits, workspace};
    if (is_sorted) left.keep_most_probable(300);
    const std::size_t before = left.size();
    std::int32_t previous = 12;
    watermarked_by{mark, previous}(left);
    CHECK(left.size() == before);
    int wrong = 0;
    for (const candidate& item : left.items())
      wrong += item.logit != logits[std::size_t(item.id)] + (mark.is_green(12, item.id) ? 1.5f : 0.0f);
    CHECK(wrong == 0);
  }
  std::int32_t previous = 12;
  const std::int32_t id = sampling{watermarked_by{mark, previous}}(logits, workspace, random);
  CHECK(previous == id);
}

TEST_CASE("rejects settings out of range") {
  using problem = sampling_error::problem;
  for (const float fraction : {0.0f, 1.0f, -1.0f, 1e-12f, std::numeric_limits<float>::quiet_NaN()})
    CHECK(watermark::of({.green_fraction = fraction}).error() == problem::green_fraction_is_outside_of_zero_to_one);
  for (const float bias : {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()})
    CHECK(watermark::of({.bias = bias}).error() == problem::watermark_bias_is_not_a_finite_number);
}

TEST_CASE("the detector's score is that of the paper") {
  const watermark mark = mark_of({.key = 3, .green_fraction = 0.25f});
  std::vector<std::uint64_t> seen(4096);
  watermark_detector detector{mark, seen};
  CHECK(detector.z_score() == 0);
  // 100 green tokens of 200: z = (100 - 50) / sqrt(200 · 0.25 · 0.75)
  std::int32_t previous = 0;
  detector.take(previous);
  for (int i = 0; i < 200; ++i) {
    std::int32_t id = previous + 1;  // ascending, so that no pair repeats
    while (mark.is_green(previous, id) != (i % 2 == 0)) ++id;
    detector.take(id);
    previous = id;
  }
  CHECK(detector.tokens() == 200);
  CHECK(detector.greens() == 100);
  CHECK(detector.z_score() == Approx(8.16497).epsilon(1e-5));
  detector.restart();
  CHECK(detector.tokens() == 0);
  CHECK(detector.z_score() == 0);
}

TEST_CASE("the detector counts a pair once, and no more pairs than it has memory for") {
  const watermark mark = mark_of({.key = 3});
  std::vector<std::uint64_t> seen(8);
  watermark_detector detector{mark, seen};
  for (int i = 0; i < 50; ++i) detector.take(ids{1, 2});
  CHECK(detector.tokens() == 2);
  for (std::int32_t id = 100; id < 200; ++id) detector.take(id);
  CHECK(detector.tokens() == 8);
  watermark_detector without{mark, {}};
  without.take(ids{1, 2, 3});
  CHECK(without.tokens() == 0);
  detector.restart();
  detector.take(ids{5, -1, 6, -100, 7});  // what is no token does not part a pair
  CHECK(detector.tokens() == 2);
}

TEST_CASE("texts without the watermark have standard normal scores, texts with it are found") {
  const watermark mark = mark_of({.key = 1234});
  constexpr int texts = 2000, length = 200, vocabulary = 500;
  std::vector<std::uint64_t> seen(std::size_t{2 * length});
  std::vector<candidate> workspace(std::size_t{vocabulary});
  philox random{17};
  double sum = 0, squares = 0;
  int above_two = 0, above_four = 0;
  for (int i = 0; i < texts; ++i) {
    watermark_detector detector{mark, seen};
    for (int k = 0; k <= length; ++k) detector.take(std::int32_t(uniform_below(vocabulary, random)));
    const double z = detector.z_score();
    sum += z, squares += z * z, above_two += z > 2, above_four += z > 4;
  }
  CHECK(std::abs(sum / texts) < 0.1);
  CHECK(squares / texts == Approx(1).margin(0.12));
  CHECK(above_two > 20);  // 2.3 %
  CHECK(above_two < 80);
  CHECK(above_four <= 2);
  int found = 0, found_with_other_key = 0;
  for (int i = 0; i < 50; ++i) {
    std::int32_t previous = 1;
    const sampling chain{watermarked_by{mark, previous}};
    watermark_detector detector{mark, seen};
    std::vector<std::uint64_t> other_seen(seen.size());
    watermark_detector other{mark_of({.key = 1235}), other_seen};
    for (int k = 0; k <= length; ++k) {
      std::vector<float> logits(std::size_t{vocabulary});
      for (float& each : logits) each = 3 * uniform01(random);
      const std::int32_t id = chain(logits, workspace, random);
      detector.take(id);
      other.take(id);
    }
    found += detector.z_score() > 4, found_with_other_key += other.z_score() > 4;
  }
  CHECK(found == 50);
  CHECK(found_with_other_key == 0);
}

}  // namespace
}  // namespace typeformer
