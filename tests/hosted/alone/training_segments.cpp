// SPDX-License-Identifier: BSL-1.0
// Texts in segments: the data, and a model with a memory of earlier segments.
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <numeric>
#include <vector>

#include <support/catch.hpp>
#include <typeformer/hosted/data/causal_segments.hpp>
#include <typeformer/hosted/training/trainer.hpp>
#include <typeformer/models/gopher.hpp>
#include <typeformer/optimizers/adamw.hpp>
#include <typeformer/optimizers/schedules/linear_schedule.hpp>

namespace tf = typeformer;

namespace {

constexpr tf::index_type strands = 4, segment = 8, vocabulary = 16;

/// Words of a text that repeats itself after more tokens than a segment has.
std::vector<std::int32_t> repetitions(std::size_t size, std::uint64_t seed) {
  constexpr std::size_t period = 12, copies = 5;
  tf::philox random{seed, 0};
  std::vector<std::int32_t> tokens;
  while (tokens.size() < size) {
    std::vector<std::int32_t> words(period);
    for (auto& word : words) word = std::int32_t(tf::uniform_below(vocabulary, random));
    for (std::size_t i = 0; i < copies; ++i) tokens.insert(tokens.end(), words.begin(), words.end());
  }
  tokens.resize(size);
  return tokens;
}

tf::causal_segments<strands, segment> data_of(std::size_t size = 4000, std::uint64_t seed = 3) {
  auto data = tf::causal_segments<strands, segment>::of(repetitions(size, 7), vocabulary, seed);
  REQUIRE(data);
  return std::move(*data);
}

template <tf::index_type Memory>
struct model : tf::gopher<tf::gopher_config{.layers = 2,
                                            .width = 32,
                                            .heads = 4,
                                            .hidden = 64,
                                            .vocabulary = vocabulary,
                                            .context = segment,
                                            .memory = Memory}> {};
template <tf::index_type Memory>
using trainer_of =
    tf::trainer<model<Memory>, tf::causal_language_model, tf::adamw, tf::batch<strands>, tf::tokens<segment>>;

tf::training_recipe<tf::adamw> recipe(tf::index_type steps) {
  return {.learning_rate = tf::linear_schedule{.learning_rate = 1e-2, .warm_up_steps = steps / 10, .steps = steps},
          .steps = steps,
          .evaluation_interval = steps};
}

/// The least of three runs: from which initial values a copy of earlier words is found in time depends on rounding.
template <tf::index_type Memory> double least_loss_after(tf::index_type steps) {
  double least = std::numeric_limits<double>::infinity();
  for (const unsigned seed : {2u, 3u, 4u}) {
    auto data = data_of(12000);
    trainer_of<Memory> training{recipe(steps)};
    training.initialize(seed);
    const auto summary = training.run(data);
    REQUIRE(summary);
    least = std::min(least, summary->validation_loss);
  }
  return least;
}

}  // namespace

TEST_CASE("continues segments in every strand, with the next tokens as labels", "[data]") {
  std::vector<std::int32_t> tokens(1000);
  std::iota(tokens.begin(), tokens.end(), 0);
  auto data = tf::causal_segments<strands, segment>::of(tokens, 1000, 5, 0.25);
  REQUIRE(data);
  const auto segments = std::uint64_t(data->segments());
  CHECK(segments == 749 / (strands * segment));
  std::vector<std::int32_t> next(strands, -1);
  for (std::uint64_t number = 0; number < 2 * segments; ++number) {
    const tf::token_batch batch = data->training_batch(number);
    REQUIRE(batch.sequences == strands);
    for (tf::index_type s = 0; s < strands; ++s) {
      const tf::index_type first = batch.first_row[s];
      CHECK(batch.past[s] == tf::index_type(number % segments) * segment);
      CHECK(batch.rows_of(s) == segment);
      if (number % segments != 0) CHECK(batch.ids[first] == next[std::size_t(s)]);
      for (tf::index_type i = 0; i < segment; ++i) CHECK(batch.labels[first + i] == batch.ids[first + i] + 1);
      CHECK(batch.labels[first + segment - 1] < 750);
      next[std::size_t(s)] = batch.labels[first + segment - 1];
    }
  }
}

TEST_CASE("predicts every token of the validation part but the first once, strand by strand", "[data]") {
  for (const std::size_t size : {1000u, 1001u, 1003u, 1029u, 1032u}) {
    std::vector<std::int32_t> tokens(size);
    std::iota(tokens.begin(), tokens.end(), 0);
    auto data = tf::causal_segments<strands, segment>::of(tokens, tf::index_type(size), 5, 0.25);
    REQUIRE(data);
    std::vector<int> predicted(size);
    std::vector<std::int32_t> next(strands, -1);
    for (tf::index_type number = 0; number < data->validation_batches(); ++number) {
      const tf::token_batch batch = data->validation_batch(number);
      REQUIRE(batch.sequences > 0);
      for (tf::index_type s = 0; s < batch.sequences; ++s) {
        REQUIRE(batch.rows_of(s) > 0);
        CHECK(batch.past[s] == number * segment);
        if (number > 0) CHECK(batch.ids[batch.first_row[s]] == next[std::size_t(s)]);
        for (tf::index_type row = batch.first_row[s]; row < batch.first_row[s + 1]; ++row)
          ++predicted[std::size_t(batch.labels[row])];
        next[std::size_t(s)] = batch.labels[batch.first_row[s + 1] - 1];
      }
    }
    const auto first = std::size_t(double(size) * 0.75);
    for (std::size_t i = 0; i < size; ++i) CHECK(predicted[i] == (i > first));
  }
}

TEST_CASE("rejects a text that is too short for its strands, or has invalid tokens", "[data]") {
  using segments = tf::causal_segments<strands, segment>;
  const auto short_text = segments::of(std::vector<std::int32_t>(300, 1), vocabulary, 5);
  REQUIRE_FALSE(short_text);
  CHECK(short_text.error().message() == "the validation part of the text has 30 tokens; a window needs 33");
  const auto wrong = segments::of(std::vector<std::int32_t>(1000, vocabulary), vocabulary, 5);
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().message() == "token 0 is 16, the vocabulary ends at 16");
}

TEST_CASE("learns what is further back than a segment only with a memory", "[trainer]") {
  const double with = least_loss_after<16>(500), without = least_loss_after<0>(500);
  INFO("with a memory " << with << ", without " << without);
  CHECK(with < 0.6 * without);
  CHECK(without > 2.5);  // ln 16 is 2.77: four of five words could be known
}

TEST_CASE("resumes a run with a memory bit for bit, and keeps the memory after an error", "[trainer]") {
  const std::string path =
      (std::filesystem::temp_directory_path() / ("typeformer-segments-" + std::to_string(::getpid()) + ".safetensors"))
          .string();
  auto data = data_of();
  const auto take_steps = [&](auto& trainer, int count) {
    for (int i = 0; i < count; ++i) REQUIRE(trainer.step(data));
  };
  const auto values_of = [](const auto& trainer) {
    return std::vector<float>(trainer.values().data(), trainer.values().data() + trainer.values().size());
  };
  trainer_of<16> whole{recipe(20)}, first{recipe(20)}, second{recipe(20)};
  whole.initialize(3);
  first.initialize(3);
  second.initialize(99);
  take_steps(whole, 11);
  take_steps(first, 5);
  const auto kept = values_of(first);
  first.values().data()[0] = NAN;
  CHECK_FALSE(first.step(data));
  first.values().data()[0] = kept[0];
  REQUIRE(first.save_checkpoint(path));
  REQUIRE(second.resume(path));
  take_steps(first, 6);
  take_steps(second, 6);
  CHECK(values_of(first) == values_of(whole));
  CHECK(values_of(second) == values_of(whole));

  trainer_of<0> forgetful{recipe(20)};
  const auto rejected = forgetful.resume(path);
  REQUIRE_FALSE(rejected);
  CHECK(rejected.error().message().find("training.memory") != std::string::npos);
  std::filesystem::remove(path);
}
