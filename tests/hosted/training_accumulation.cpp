// SPDX-License-Identifier: BSL-1.0
// Several batches of a step are trained on as if they were one, whatever labels each of them has.
#include <cmath>
#include <vector>

#include <support/catch.hpp>
#include <typeformer/hosted/data/token_batch_builder.hpp>
#include <typeformer/hosted/training/accumulate_batches.hpp>
#include <typeformer/hosted/training/trainer.hpp>
#include <typeformer/models/bert.hpp>
#include <typeformer/objectives/answer_span.hpp>
#include <typeformer/objectives/classification.hpp>
#include <typeformer/objectives/pretraining.hpp>
#include <typeformer/optimizers/sgd.hpp>

namespace tf = typeformer;

namespace {

constexpr std::int32_t none = tf::no_label;

struct text {
  std::vector<std::int32_t> ids, labels;
  std::int32_t label = none;
};

/// Batch n has `size` texts, from text n · size on.
struct texts {
  std::vector<text> all;
  tf::index_type size = 1;
  tf::token_batch_builder rows{};
  std::vector<std::uint64_t> asked{};

  tf::token_batch training_batch(std::uint64_t number) {
    asked.push_back(number);
    rows.clear();
    for (tf::index_type i = 0; i < size; ++i) {
      const text& t = all[(std::size_t(number) * std::size_t(size) + std::size_t(i)) % all.size()];
      rows.add(t.ids, t.labels, {}, t.label);
    }
    return rows.batch();
  }
  tf::index_type validation_batches() const { return tf::index_type(all.size()) / size; }
  tf::token_batch validation_batch(tf::index_type number) { return training_batch(std::uint64_t(number)); }
};

struct small_bert
    : tf::bert<tf::bert_config{.layers = 1, .width = 8, .heads = 2, .hidden = 16, .vocabulary = 11, .context = 8}> {};

struct taken_step {
  double loss;
  std::vector<float> values;
};
template <class Objective, tf::index_type Batch> taken_step step_of(const std::vector<text>& all) {
  texts data{all, Batch};
  tf::trainer<small_bert, Objective, tf::sgd, tf::batch<Batch>, tf::tokens<8>> trainer{
      {.learning_rate = tf::constant_schedule{1},
       .accumulated_batches = tf::index_type(all.size()) / Batch,
       .maximum_gradient_norm = 0}};
  trainer.initialize(3);
  const auto step = trainer.step(data);
  REQUIRE(step);
  return {step->loss, {trainer.values().data(), trainer.values().data() + trainer.values().size()}};
}
template <class Objective> void check_accumulation(const std::vector<text>& all) {
  const taken_step apart = step_of<Objective, 1>(all), whole = step_of<Objective, 4>(all);
  CHECK(apart.loss == Approx(whole.loss).epsilon(1e-6));
  float farthest = 0;
  for (std::size_t i = 0; i < whole.values.size(); ++i)
    farthest = std::max(farthest, std::abs(apart.values[i] - whole.values[i]));
  CHECK(farthest < 1e-6f);
}

// Labels of tokens: 6, 1, 0 and 2; of sequences: 1, 0, 1 and 0.
const std::vector<text> uneven{{{1, 2, 3, 4, 5, 6}, {2, 3, 4, 5, 6, 7}, 1},
                               {{5, 1}, {none, 3}, none},
                               {{7, 8, 9}, {none, none, none}, 0},
                               {{2, 4, 6, 8}, {1, none, none, 9}, none}};

}  // namespace

TEST_CASE("adds batches with unequal numbers of labels up to one batch with all of them", "[accumulation]") {
  check_accumulation<tf::masked_lm>(uneven);
  check_accumulation<tf::token_cross_entropy<tf::label_smoothing<0.1>>>(uneven);
  check_accumulation<tf::bert_pretraining>(uneven);
}

TEST_CASE("adds nothing for a batch without a label", "[accumulation]") {
  const text labeled = uneven[0], without{{3, 3, 3}, {none, none, none}, none};
  const std::vector<text> all{without, labeled, without, without};
  const taken_step some = step_of<tf::bert_pretraining, 1>(all), one = step_of<tf::bert_pretraining, 1>({labeled});
  CHECK(some.loss == one.loss);
  CHECK(some.values == one.values);
}

TEST_CASE("counts labels of a step before it begins, each kind separately", "[accumulation]") {
  using objective = tf::objective_sum<tf::answer_span, tf::sequence_classification, tf::token_classification>;
  const std::int32_t labels[] = {1, none, 2, 3}, of_sequences[] = {none, 1}, answers[] = {0, 1, none, none};
  const tf::index_type first_row[] = {0, 2, 4};
  tf::token_batch batch;
  batch.sequences = 2;
  batch.rows = 4;
  batch.first_row = first_row;
  batch.labels = labels;
  batch.sequence_labels = of_sequences;
  batch.answer_spans = answers;
  auto counts = tf::count_labels<objective>(batch);
  CHECK(counts.of_part == std::array<tf::index_type, 3>{1, 1, 3});
  counts += tf::label_counts<3>{{3, 0, 5}};
  tf::set_mean_scales<objective>(batch, counts);
  CHECK(batch.answer_loss_scale == 1.0 / 4);
  CHECK(batch.sequence_loss_scale == 1.0);
  CHECK(batch.loss_scale == 1.0 / 8);
  tf::set_mean_scales<objective>(batch, {});
  CHECK(batch.answer_loss_scale == 0);
}

TEST_CASE("requests batches twice, trains on them in their order, and requires the same again", "[accumulation]") {
  texts data{{uneven[2], uneven[0], uneven[1]}};
  bool changes = false;
  std::vector<double> scales;
  const auto fetch = [&](tf::index_type number) -> tf::result<tf::counted_batch<tf::masked_lm>, tf::training_error> {
    auto batch = data.training_batch(std::uint64_t(number) + (changes && data.asked.size() >= 3 ? 1 : 0));
    return tf::counted_batch<tf::masked_lm>{batch, tf::count_labels<tf::masked_lm>(batch)};
  };
  const auto learn = [&](const tf::token_batch& batch) -> tf::result<float, tf::batch_error> {
    scales.push_back(batch.loss_scale);
    return float(batch.rows);
  };
  SECTION("without a memory the one without labels is passed over") {
    const auto sum = tf::accumulate_batches<tf::masked_lm>(3, 3, false, fetch, learn);
    REQUIRE(sum);
    CHECK(data.asked == std::vector<std::uint64_t>{5, 4, 3, 4, 5});
    CHECK(scales == std::vector<double>{1.0 / 7, 1.0 / 7});
    CHECK(sum->loss == 8);
    CHECK(sum->tokens == 11);
  }
  SECTION("a memory goes on where there is no label") {
    REQUIRE(tf::accumulate_batches<tf::masked_lm>(3, 3, true, fetch, learn));
    CHECK(scales.size() == 3);
  }
  SECTION("other data the second time") {
    changes = true;
    const auto sum = tf::accumulate_batches<tf::masked_lm>(3, 3, false, fetch, learn);
    REQUIRE_FALSE(sum);
    CHECK(sum.error().what == tf::training_error::problem::other_data);
  }
  SECTION("no label in any of them") {
    data.all = {uneven[2]};
    const auto sum = tf::accumulate_batches<tf::masked_lm>(4, 2, true, fetch, learn);
    REQUIRE_FALSE(sum);
    CHECK(sum.error().message() == "training batch 4 to 5: there is no label");
    CHECK(scales.empty());
  }
}
