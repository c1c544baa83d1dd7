// SPDX-License-Identifier: BSL-1.0
// Data and settings that a trainer must reject: an error with their numbers, and nothing changes.
#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include <support/catch.hpp>
#include <typeformer/hosted/data/recorded_batches.hpp>
#include <typeformer/hosted/training/trainer.hpp>
#include <typeformer/models/bert.hpp>
#include <typeformer/objectives/pretraining.hpp>
#include <typeformer/optimizers/sgd.hpp>

namespace tf = typeformer;
using problem = tf::training_error::problem;

namespace {

struct small_bert
    : tf::bert<tf::bert_config{.layers = 1, .width = 8, .heads = 2, .hidden = 16, .vocabulary = 11, .context = 8}> {};
using small_trainer = tf::trainer<small_bert, tf::bert_pretraining, tf::sgd, tf::batch<2>, tf::tokens<8>>;

/// Batches of one or two texts, the same in training and in validation. A test breaks one number of one of them.
struct batches {
  std::vector<tf::index_type> first_row{0, 4, 6};
  std::vector<std::int32_t> ids{1, 2, 3, 4, 5, 6}, positions{0, 1, 2, 3, 0, 1}, segments{0, 0, 1, 1, 0, 1};
  std::vector<std::int32_t> labels{tf::no_label, 7, 8, tf::no_label, 9, tf::no_label}, sequence_labels{0, 1};

  tf::token_batch training_batch(std::uint64_t) const {
    tf::token_batch batch;
    batch.sequences = 2;
    batch.rows = 6;
    batch.first_row = first_row.data();
    batch.ids = ids.data();
    batch.positions = positions.data();
    batch.segments = segments.data();
    batch.labels = labels.data();
    batch.sequence_labels = sequence_labels.data();
    return batch;
  }
  tf::index_type validation_batches() const { return 1; }
  tf::token_batch validation_batch(tf::index_type) const { return training_batch(0); }
};

std::vector<float> values_of(const small_trainer& trainer) {
  return {trainer.values().data(), trainer.values().data() + trainer.values().size()};
}
/// The error of a step, of an evaluation and of a run, which must not change the values.
std::string rejection(batches& data) {
  static small_trainer trainer{{.steps = 3}};
  trainer.initialize(1);
  const auto before = values_of(trainer);
  const auto step = trainer.step(data);
  const auto evaluation = trainer.evaluate(data);
  const auto run = trainer.run(data);
  CHECK_FALSE((step || evaluation || run));
  CHECK(values_of(trainer) == before);
  CHECK(trainer.steps_taken() == 0);
  CHECK(evaluation.error().message().find("validation batch 0") == 0);
  return step ? std::string{} : step.error().message();
}

}  // namespace

TEST_CASE("rejects numbers outside their tables with batch, sequence, row, value and limit", "[inputs]") {
  batches good;
  {
    small_trainer trainer{{.steps = 1}};
    trainer.initialize(1);
    REQUIRE(trainer.run(good));
  }
  for (const std::int32_t outside : {11, 2147483647, -1}) {
    const std::string found = ", found " + std::to_string(outside),
                      at = "step 1: training batch 0, sequence 1, row 4: ";
    batches ids = good, positions = good, segments = good, labels = good, of_sequences = good;
    ids.ids[4] = positions.positions[4] = segments.segments[4] = labels.labels[4] = of_sequences.sequence_labels[1] =
        outside;
    CHECK(rejection(ids) == at + "a token id lies outside the vocabulary: expected 0 to 10" + found);
    CHECK(rejection(positions) == at + "a position lies outside the context: expected 0 to 7" + found);
    CHECK(rejection(segments) == at + "a segment lies outside the table of segments: expected 0 to 1" + found);
    CHECK(rejection(labels) == at + "the label of a token lies outside the classes: expected 0 to 10" + found);
    CHECK(rejection(of_sequences) ==
          "step 1: training batch 0, sequence 1: the label of a sequence lies outside the "
          "classes: expected 0 to 1" +
              found);
  }
}

TEST_CASE("ends a step with the error of data that fail when they are read", "[inputs]") {
  struct late_error : batches {
    tf::result<tf::token_batch, tf::training_error> training_batch(std::uint64_t number) const {
      if (number == 1) return tf::failure{tf::training_error{problem::outside_vocabulary, "shard 7: found 11"}};
      return batches::training_batch(number);
    }
  } data;
  small_trainer trainer{{.steps = 3}};
  trainer.initialize(1);
  const auto run = trainer.run(data);
  REQUIRE_FALSE(run);
  CHECK(run.error().what == problem::outside_vocabulary);
  CHECK(run.error().message() == "step 2: training batch 1: shard 7: found 11");
  CHECK(trainer.steps_taken() == 1);
}

TEST_CASE("rejects sequences that are too long, empty or in descending order", "[inputs]") {
  batches data;
  data.first_row = {0, 0, 6};
  CHECK(rejection(data) == "step 1: training batch 0, sequence 0: a sequence has no token: expected 1 to 8, found 0");
  data.first_row = {0, 6, 4};
  CHECK(rejection(data).find("do not follow") != std::string::npos);
  data.first_row = {0, 4, 20};
  CHECK(rejection(data).find("more tokens than were reserved: expected 1 to 8, found 16") != std::string::npos);
}

TEST_CASE("rejects an instance outside the model's tables when it is trained on", "[inputs]") {
  tf::masked_instance instance;
  instance.ids = {1, 11, 3};
  instance.labels = {tf::no_label, 4, tf::no_label};
  instance.segments = {0, 0, 1};
  instance.label = 0;
  auto data = tf::recorded_batches<2, 8>::of({instance});
  REQUIRE(data);
  small_trainer trainer{{.steps = 1}};
  trainer.initialize(1);
  const auto step = trainer.step(*data);
  REQUIRE_FALSE(step);
  CHECK(step.error().message().find("sequence 0, row 1: a token id lies outside the vocabulary") != std::string::npos);

  instance.ids[1] = 2;
  for (auto* const numbers : {&instance.ids, &instance.labels, &instance.segments}) {
    const std::int32_t kept = std::exchange((*numbers)[1], -5);
    const auto negative = tf::recorded_batches<2, 8>::of({instance, instance});
    REQUIRE_FALSE(negative);
    CHECK(negative.error().message().find("instance 0, token 1") == 0);
    (*numbers)[1] = kept;
  }
}

TEST_CASE("rejects a wrong setting in every call, before it requests data", "[inputs]") {
  batches data;
  small_trainer trainer{
      {.optimizer = {.weight_decay = -1}, .guard = {.window = std::numeric_limits<tf::index_type>::max()}}};
  trainer.initialize(1);
  const auto before = values_of(trainer);
  CHECK(trainer.step(data).error().what == problem::bad_option);
  CHECK(trainer.run(data).error().what == problem::bad_option);
  CHECK(trainer.evaluate(data).error().what == problem::bad_option);
  CHECK(trainer.save_checkpoint("never_written.safetensors").error().what == problem::bad_option);
  CHECK(trainer.resume("never_written.safetensors").error().what == problem::bad_option);
  CHECK(values_of(trainer) == before);
}

TEST_CASE("never succeeds with a learning rate that takes values out of single precision", "[inputs]") {
  batches data;
  small_trainer trainer{{.learning_rate = tf::constant_schedule{2e38}, .steps = 1, .maximum_gradient_norm = 0}};
  trainer.initialize(1);
  for (tf::index_type i = 0; i < trainer.values().size(); ++i) trainer.values().data()[i] *= 50;
  const auto step = trainer.step(data);
  REQUIRE_FALSE(step);
  CHECK(step.error().what == problem::value_is_not_finite);
  CHECK(step.error().message().find("step 1: learning rate 2e+38 took ") == 0);
  CHECK_FALSE(trainer.save_checkpoint("never_written.safetensors"));
  const auto evaluation = trainer.evaluate(data);
  REQUIRE_FALSE(evaluation);
  CHECK(evaluation.error().what == problem::loss_is_not_finite);
}
