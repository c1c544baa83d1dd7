// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include <support/catch.hpp>

#include <laws/real_inputs.hpp>
#include <typeformer/hosted/data/feature_batches.hpp>
#include <typeformer/hosted/training/batch_digest.hpp>
#include <typeformer/hosted/training/trainer.hpp>
#include <typeformer/objectives/classification.hpp>
#include <typeformer/objectives/objective_sum.hpp>
#include <typeformer/objectives/regression.hpp>
#include <typeformer/optimizers/adamw.hpp>

namespace typeformer {
namespace {

using problem = training_error::problem;
struct sensor : laws::small_sensor<laws::three_channels_and_class, first_token, classifier<2>> {};
struct stream : laws::small_stream<laws::three_channels, classifier<3>> {};
struct vision : laws::small_vision<first_token, linear<2>> {};
static_assert(TrainingData<feature_batches<sensor, 4>> && TrainingData<feature_batches<vision, 4>>);

/// Example n: n % 5 + 1 rows of the number n. Its class is n % 2.
std::vector<real_example> numbered(int count) {
  std::vector<real_example> all;
  for (int n = 0; n < count; ++n)
    all.push_back({.values = std::vector<float>(std::size_t(n % 5 + 1) * 3, float(n)), .label = n % 2});
  return all;
}
template <class M = sensor>
feature_batches<M, 4> data_of(const std::vector<real_example>& training, std::uint64_t seed = 1) {
  auto data = feature_batches<M, 4>::of(training, training, seed);
  REQUIRE(data);
  return std::move(*data);
}
/// The number of each example of a batch, whose tables are checked.
std::vector<int> numbers_of(const token_batch& batch) {
  std::vector<int> numbers;
  const float* features = batch.features;
  for (index_type s = 0; s < batch.sequences; ++s) {
    numbers.push_back(int(*features));
    CHECK(batch.rows_of(s) == numbers.back() % 5 + 2);  // with the class token
    CHECK(batch.positions[batch.first_row[s]] == 0);
    CHECK(batch.positions[batch.first_row[s + 1] - 1] == batch.rows_of(s) - 1);
    CHECK(batch.sequence_labels[s] == numbers.back() % 2);
    CHECK(batch.labels[batch.first_row[s]] == no_label);
    for (index_type i = 0; i < (batch.rows_of(s) - 1) * 3; ++i) CHECK(*features++ == float(numbers.back()));
  }
  CHECK(batch.feature_rows == (features - batch.features) / 3);
  CHECK(batch.feature_rows == batch.rows - batch.sequences);
  return numbers;
}
std::string rejected(std::vector<real_example> training) {
  const auto data = feature_batches<sensor, 4>::of(std::move(training), numbered(1));
  REQUIRE_FALSE(data);
  return data.error().message();
}

}  // namespace

TEST_CASE("uses every example once per epoch, in another order", "[training]") {
  auto data = data_of(numbered(6));
  std::vector<int> all;
  for (std::uint64_t n = 0; n < 6; ++n)
    for (const int number : numbers_of(data.training_batch(n))) all.push_back(number);
  REQUIRE(all.size() == 24);
  std::vector<std::vector<int>> orders;
  for (auto epoch = all.begin(); epoch != all.end(); epoch += 6) {
    orders.emplace_back(epoch, epoch + 6);
    std::vector<int> sorted = orders.back();
    std::sort(sorted.begin(), sorted.end());
    CHECK(sorted == std::vector<int>{0, 1, 2, 3, 4, 5});
  }
  CHECK(orders[0] != orders[1]);
  CHECK(data.batches_per_epoch() == 2);
}
TEST_CASE("makes a batch from its number and the seed", "[training]") {
  auto data = data_of(numbered(9)), same = data_of(numbered(9)), other = data_of(numbered(9), 2);
  const std::uint64_t digest = batch_digest(data.training_batch(7));
  data.training_batch(3);
  CHECK(batch_digest(data.training_batch(7)) == digest);
  CHECK(batch_digest(same.training_batch(7)) == digest);
  CHECK(batch_digest(other.training_batch(7)) != digest);
}
TEST_CASE("validates examples in the order of their list", "[training]") {
  auto data = data_of(numbered(6));
  REQUIRE(data.validation_batches() == 2);
  CHECK(numbers_of(data.validation_batch(0)) == std::vector<int>{0, 1, 2, 3});
  CHECK(numbers_of(data.validation_batch(1)) == std::vector<int>{4, 5});
}
TEST_CASE("puts labels and targets of rows after the class token", "[training]") {
  struct two_heads : laws::small_sensor<laws::three_channels_and_class,
                                        token_and_sequence_heads<answer_span_head, first_token, classifier<3>>> {};
  const real_example example{
      .values = {1, 2, 3, 4, 5, 6}, .targets = {7, 8, 9}, .row_labels = {1, 0}, .row_targets = {0.5f, 0.25f, -1, -2}};
  auto data = data_of<two_heads>({example});
  const token_batch batch = data.validation_batch(0);
  REQUIRE(batch.rows == 3);
  CHECK(std::vector<std::int32_t>(batch.labels, batch.labels + 3) == std::vector<std::int32_t>{no_label, 1, 0});
  CHECK(batch.outputs == 2);
  CHECK(std::isnan(batch.targets[0]));
  CHECK(std::vector<float>(batch.targets + 2, batch.targets + 6) == example.row_targets);
  CHECK(batch.sequence_outputs == 3);
  CHECK(std::vector<float>(batch.sequence_targets, batch.sequence_targets + 3) == example.targets);
}
TEST_CASE("makes one sequence of an image's patches", "[training]") {
  auto data = data_of<vision>({{.values = std::vector<float>(32, 2.0f), .targets = {1, 2}}});
  const token_batch batch = data.training_batch(0);
  CHECK(batch.sequences == 4);
  CHECK(batch.rows == 20);
  CHECK(batch.image_values == 32);
  CHECK(batch.images[4 * 32 - 1] == 2);
  CHECK_FALSE(batch.features);
}
TEST_CASE("leaves the class token of each channel of a time series without label", "[training]") {
  struct labeled : encoder_only<series_embedding<channels<2>, series_length<4>, patch_length<2>, width<4>, class_token>,
                                learned_positions<context<6>, position_period<3>>, classifier<3>> {};
  const real_example example{.values = {1, 2, 3, 4, 5, 6, 7, 8}, .row_labels = {0, 1, 2, 1}};
  auto data = data_of<labeled>({example});
  const token_batch batch = data.validation_batch(0);
  REQUIRE(batch.rows == 6);
  CHECK(std::vector<std::int32_t>(batch.labels, batch.labels + 6) ==
        std::vector<std::int32_t>{no_label, 0, 1, no_label, 2, 1});
}
TEST_CASE("rejects examples that no model could read", "[training]") {
  CHECK(feature_batches<sensor, 4>::of({}, numbered(1)).error().what == problem::not_enough_data);
  CHECK(feature_batches<sensor, 4>::of(numbered(1), {}).error().message() == "there is no example for validation");
  std::vector<real_example> examples = numbered(3);
  SECTION("no row") {
    examples[1].values.clear();
    CHECK(rejected(examples) == "training example 1: expected 1 to 5 rows, found 0");
  }
  SECTION("more rows than positions, less the class token's") {
    examples[2].values.assign(18, 0.0f);
    CHECK(rejected(examples) == "training example 2: expected 1 to 5 rows, found 6");
  }
  SECTION("half a row") {
    examples[0].values.push_back(0);
    CHECK(rejected(examples) == "training example 0: expected 3 values, found 4");
  }
  SECTION("a value that is not finite") {
    examples[2].values[4] = std::numeric_limits<float>::infinity();
    CHECK(rejected(examples) == "training example 2: value 4 is not finite");
  }
  SECTION("labels of other rows") {
    examples[1].row_labels = {1, 1, 1};
    CHECK(rejected(examples) == "training example 1: expected 2 labels of rows, found 3");
  }
  SECTION("targets of other outputs") {
    examples[1].targets = {1, 2, 3};
    CHECK(rejected(examples) == "training example 1: expected 2 targets, found 3");
  }
}

TEST_CASE("covers features, images and targets with digests", "[training]") {
  auto data = data_of(numbered(6));
  token_batch batch = data.validation_batch(0);
  std::vector<float> features(batch.features, batch.features + batch.feature_rows * 3), targets(8, 0.5f);
  batch.features = features.data();
  const std::uint64_t before = batch_digest(batch);
  features.back() += 1;
  CHECK(batch_digest(batch) != before);
  features.back() -= 1;
  CHECK(batch_digest(batch) == before);
  batch.sequence_targets = targets.data();
  batch.sequence_outputs = 2;
  const std::uint64_t with_targets = batch_digest(batch);
  CHECK(with_targets != before);
  targets[7] = std::numeric_limits<float>::quiet_NaN();
  CHECK(batch_digest(batch) != with_targets);
  auto images = data_of<vision>({{.values = std::vector<float>(32, 2.0f)}}),
       others = data_of<vision>({{.values = std::vector<float>(32, 3.0f)}});
  CHECK(batch_digest(images.validation_batch(0)) != batch_digest(others.validation_batch(0)));
}

namespace {

using regression = objective_sum<sequence_classification, sequence_regression<huber<1.0>>>;
using sensor_trainer = trainer<sensor, regression, adamw, batch<4>, tokens<6>>;
training_recipe<adamw> recipe() { return {.steps = 8, .accumulated_batches = 2, .evaluation_interval = 4}; }
std::vector<real_example> with_targets(int count) {
  std::vector<real_example> all = numbered(count);
  for (std::size_t n = 0; n < all.size(); ++n)
    if (n % 3 != 0) all[n].targets = {float(n % 2), float(n) / 8};
  return all;
}
std::vector<float> values_of(const sensor_trainer& training) {
  return {training.values().data(), training.values().data() + training.values().size()};
}

}  // namespace

TEST_CASE("resumes a trainer of real values bit for bit, and detects other data", "[training]") {
  const std::string path =
      (std::filesystem::temp_directory_path() / ("typeformer-features-" + std::to_string(::getpid()) + ".safetensors"))
          .string();
  auto data = data_of(with_targets(10));
  sensor_trainer whole{recipe()}, first{recipe()}, second{recipe()}, third{recipe()};
  for (sensor_trainer* const t : {&whole, &first}) t->initialize(3);
  for (int i = 0; i < 6; ++i) REQUIRE(whole.step(data));
  for (int i = 0; i < 3; ++i) REQUIRE(first.step(data));
  REQUIRE(first.save_checkpoint(path));
  REQUIRE(second.resume(path));
  for (int i = 0; i < 3; ++i) REQUIRE(second.step(data));
  CHECK(values_of(second) == values_of(whole));

  std::vector<real_example> changed = with_targets(10);
  for (real_example& example : changed)
    if (!example.targets.empty()) example.targets[1] += 0.125f;
  auto other = data_of(changed);
  REQUIRE(third.resume(path));
  const auto step = third.step(other);
  REQUIRE_FALSE(step);
  CHECK(step.error().what == problem::other_data);
  std::filesystem::remove(path);
}
TEST_CASE("reports the findings of each part", "[training]") {
  auto data = data_of(with_targets(10));
  sensor_trainer training{recipe()};
  training.initialize(3);
  const auto summary = training.run(data);
  REQUIRE(summary);
  const auto found = training.evaluate(data);
  REQUIRE(found);
  REQUIRE(found->parts.size() == 2);
  CHECK(found->parts[0].labels == 10);
  CHECK(found->parts[1].labels == 6);  // the others have no targets
  CHECK(found->parts[1].name == "sequence_regression");
  CHECK(found->parts[1].accuracy == 0);
  CHECK(found->validation_loss == Approx(found->parts[0].loss + found->parts[1].loss));
}
TEST_CASE("rejects a regression on data without targets", "[training]") {
  auto data = data_of<stream>(numbered(5));
  trainer<stream, token_regression<>, adamw, batch<4>, tokens<8>> training{recipe()};
  training.initialize(3);
  const auto step = training.step(data);
  REQUIRE_FALSE(step);
  CHECK(step.error().what == problem::not_enough_data);
}

}  // namespace typeformer
