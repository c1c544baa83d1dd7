// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <laws/own_inputs.hpp>
#include <support/catch.hpp>
#include <typeformer/hosted.hpp>

namespace tf = typeformer;

namespace {

/// Two texts of the same tokens: only the inputs say which class they have. A test breaks one number.
struct moments {
  std::vector<tf::index_type> first_row{0, 3, 6};
  std::vector<std::int32_t> ids{1, 2, 3, 1, 2, 3}, positions{0, 1, 2, 0, 1, 2}, labels{0, 2};
  std::vector<float> stamps{0, 1, 0, 1, 0, 1, 0, -1, 0, -1, 0, -1};
  std::vector<std::int32_t> days{0, 1, 2, 4, 5, 6}, who{0, 2};
  std::array<tf::own_table, 3> own{};

  tf::token_batch training_batch(std::uint64_t) {
    own = {tf::table_of<mine::time_stamps>(stamps), tf::table_of<mine::weekdays>(days),
           tf::table_of<mine::speakers>(who)};
    tf::token_batch batch;
    batch.sequences = 2;
    batch.rows = 6;
    batch.first_row = first_row.data();
    batch.ids = ids.data();
    batch.positions = positions.data();
    batch.sequence_labels = labels.data();
    batch.own = own;
    return batch;
  }
  tf::index_type validation_batches() const { return 1; }
  tf::token_batch validation_batch(tf::index_type) { return training_batch(0); }
};

using trainer = tf::trainer<mine::reader, tf::sequence_classification, tf::adamw, tf::batch<2>, tf::tokens<3>>;

std::string rejection(moments data) {
  trainer train{{.steps = 3}};
  train.initialize(1);
  const auto step = train.step(data);
  const auto evaluation = train.evaluate(data);
  REQUIRE_FALSE((step || evaluation));
  CHECK(evaluation.error().message().find("validation batch 0") == 0);
  return step.error().message();
}

}  // namespace

TEST_CASE("trains on inputs of the user's own, which alone tell the classes apart", "[own inputs]") {
  moments data;
  trainer train{{.learning_rate = tf::constant_schedule{.learning_rate = 0.03}, .steps = 100}};
  train.initialize(1);
  REQUIRE(train.run(data));
  const auto after = train.evaluate(data);
  REQUIRE(after);
  CHECK(after->validation_loss < 0.1);  // without them it stays at log 2
}

TEST_CASE("rejects inputs of the user's own with batch, sequence, row, value and limit", "[own inputs]") {
  moments wrong;
  wrong.days[4] = 7;
  CHECK(rejection(wrong) ==
        "step 1: training batch 0, input weekdays, sequence 1, row 4: an id lies outside its table: expected 0 to 6, "
        "found 7");
  wrong = {};
  wrong.stamps[3] = std::numeric_limits<float>::infinity();
  CHECK(rejection(wrong) == "step 1: training batch 0, input time stamps, sequence 0, row 1: a number is not finite");
  wrong = {};
  wrong.who[1] = -1;
  CHECK(
      rejection(wrong) ==
      "step 1: training batch 0, input speakers, sequence 1: an id lies outside its table: expected 0 to 2, found -1");
  wrong = {};
  wrong.stamps.pop_back();
  CHECK(rejection(wrong) ==
        "step 1: training batch 0, input time stamps: it has not the rows of the batch: expected 12, found 11");
}

TEST_CASE("rejects a batch without an input that the model reads", "[own inputs]") {
  moments data;
  tf::token_batch batch = data.training_batch(0);
  batch.own = batch.own.first(2);
  const auto checked = tf::check_batch(
      batch, tf::training_pass<mine::reader, tf::sequence_classification, tf::batch<2>, tf::tokens<3>>::limits);
  REQUIRE_FALSE(checked);
  CHECK(checked.error().message() == "input speakers: it is missing");
}

TEST_CASE("distinguishes batches by inputs of the user's own", "[own inputs]") {
  moments data;
  const std::uint64_t digest = tf::batch_digest(data.training_batch(0));
  CHECK(tf::batch_digest(data.training_batch(1)) == digest);
  data.stamps[2] = 0.5f;
  CHECK(tf::batch_digest(data.training_batch(0)) != digest);
  data = {};
  data.who[0] = 1;
  CHECK(tf::batch_digest(data.training_batch(0)) != digest);
}
