// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <support/catch.hpp>
#include <typeformer/hosted/plots/accuracy_curve.hpp>
#include <typeformer/hosted/training/metrics_csv.hpp>
#include <typeformer/hosted/training/progress_display.hpp>
#include <typeformer/hosted/training/trainer.hpp>
#include <typeformer/models/bert.hpp>
#include <typeformer/objectives/pretraining.hpp>
#include <typeformer/optimizers/adamw.hpp>

namespace tf = typeformer;

namespace {

struct pair_bert
    : tf::bert<tf::bert_config{.layers = 1, .width = 16, .heads = 2, .hidden = 32, .vocabulary = 13, .context = 8}> {};
using pair_trainer = tf::trainer<pair_bert, tf::bert_pretraining, tf::adamw, tf::batch<4>, tf::tokens<8>>;

/// Four sequences, of 8, 7, 6 and 5 tokens, each a repeated token. In one kind of batches, some token is hidden and to
/// be predicted. In the other the label is whether the token is even.
struct repeated_tokens {
  enum class labels { of_both, of_tokens, of_sequences, none } kind = labels::of_both;
  std::vector<std::int32_t> ids{}, positions{}, segments{}, token_labels{}, sequence_labels{};
  std::vector<tf::index_type> first_row{};

  tf::token_batch training_batch(std::uint64_t number) {
    tf::philox random{17, number};
    ids.clear(), positions.clear(), segments.clear(), token_labels.clear(), sequence_labels.clear();
    first_row = {0};
    for (tf::index_type s = 0; s < 4; ++s) {
      const auto token = std::int32_t(3 + random() % 10);
      const tf::index_type size = 8 - s, hidden = tf::index_type(random() % 4) + 1;
      for (tf::index_type i = 0; i < size; ++i) {
        ids.push_back(i == hidden ? 2 : token);
        positions.push_back(std::int32_t(i));
        segments.push_back(i > size / 2);
        token_labels.push_back(i == hidden ? token : tf::no_label);
      }
      sequence_labels.push_back(s == 3 ? tf::no_label : token % 2);
      first_row.push_back(tf::index_type(ids.size()));
    }
    tf::token_batch batch;
    batch.sequences = 4;
    batch.rows = first_row.back();
    batch.first_row = first_row.data();
    batch.ids = ids.data();
    batch.positions = positions.data();
    batch.segments = segments.data();
    if (kind == labels::of_both || kind == labels::of_tokens) batch.labels = token_labels.data();
    if (kind == labels::of_both || kind == labels::of_sequences) batch.sequence_labels = sequence_labels.data();
    return batch;
  }
  tf::index_type validation_batches() const { return 3; }
  tf::token_batch validation_batch(tf::index_type part) { return training_batch(1'000'000 + std::uint64_t(part)); }
};

std::string content(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace

TEST_CASE("reports the parts of an objective by name, each as a mean over its labels", "[trainer]") {
  repeated_tokens data;
  pair_trainer trainer{{.learning_rate = tf::constant_schedule{1e-2}, .steps = 300}};
  trainer.initialize(1);
  const auto first = trainer.evaluate(data);
  REQUIRE(first);
  REQUIRE(first->parts.size() == 2);
  CHECK(first->parts[0].name == "masked_lm");
  CHECK(first->parts[1].name == "next_sentence");
  CHECK(first->parts[0].labels == 12);
  CHECK(first->parts[1].labels == 9);
  CHECK(first->parts[0].loss == Approx(std::log(13.0)).epsilon(0.1));
  CHECK(first->parts[1].loss == Approx(std::log(2.0)).epsilon(0.1));
  CHECK(first->validation_loss == Approx(first->parts[0].loss + first->parts[1].loss).epsilon(1e-12));

  REQUIRE(trainer.run(data));
  const auto last = trainer.evaluate(data);
  REQUIRE(last);
  CHECK(last->parts[0].accuracy == 1);  // the token is beside its hidden copy
  CHECK(last->parts[1].accuracy == 1);
  CHECK(last->validation_loss < 0.3);
}

TEST_CASE("accepts batches with labels of tokens, of sequences, or both", "[trainer]") {
  using labels = repeated_tokens::labels;
  const auto kind = GENERATE(labels::of_both, labels::of_tokens, labels::of_sequences);
  repeated_tokens data{.kind = kind};
  pair_trainer trainer{{.learning_rate = tf::constant_schedule{1e-2}, .steps = 20}};
  trainer.initialize(1);
  const auto before = trainer.evaluate(data);
  REQUIRE(before);
  CHECK(before->parts[0].labels == (kind == labels::of_sequences ? 0 : 12));
  CHECK(before->parts[1].labels == (kind == labels::of_tokens ? 0 : 9));
  if (kind == labels::of_tokens) CHECK(before->validation_loss == before->parts[0].loss);
  if (kind == labels::of_sequences) CHECK(before->validation_loss == before->parts[1].loss);
  const auto run = trainer.run(data);
  REQUIRE(run);
  CHECK(run->validation_loss < before->validation_loss);
}

TEST_CASE("rejects data without any label", "[trainer]") {
  repeated_tokens data{.kind = repeated_tokens::labels::none};
  pair_trainer trainer{{}};
  trainer.initialize(1);
  const auto step = trainer.step(data);
  REQUIRE_FALSE(step);
  CHECK(step.error().message() == "step 1: training batch 0: there is no label");
  const auto evaluated = trainer.evaluate(data);
  REQUIRE_FALSE(evaluated);
  CHECK(evaluated.error().message() == "the validation data have no label");
}

TEST_CASE("counts tokens and floating-point operations per second from the batches", "[trainer]") {
  repeated_tokens data;
  pair_trainer trainer{{.steps = 6, .accumulated_batches = 3, .peak_flops_per_second = 1e9}};
  trainer.initialize(1);
  constexpr double of_a_token =
      double(tf::flops<pair_bert, tf::training_with<tf::bert_pretraining, tf::batch<4>, tf::tokens<8>>>) / 32;
  struct judge {
    tf::result<void, tf::training_error> on_step(const pair_trainer&, const tf::step_report& r) {
      CHECK(r.tokens == 3 * (8 + 7 + 6 + 5));
      CHECK(r.tokens_per_second > 0);
      CHECK(r.flops_per_second == Approx(r.tokens_per_second * of_a_token).epsilon(1e-12));
      CHECK(r.utilization == Approx(r.flops_per_second / 1e9).epsilon(1e-12));
      return {};
    }
  };
  const auto run = trainer.run(data, judge{});
  REQUIRE(run);
  CHECK(run->utilization == Approx(run->flops_per_second / 1e9).epsilon(1e-12));
  CHECK(run->tokens_per_second * run->seconds > 0);
}

TEST_CASE("shows the parts in the metrics, on the screen and in a curve", "[trainer]") {
  const auto folder = std::filesystem::temp_directory_path() / ("typeformer-parts-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  repeated_tokens data;
  pair_trainer trainer{{.steps = 4, .evaluation_interval = 2, .peak_flops_per_second = 1e9}};
  trainer.initialize(1);
  auto metrics = tf::metrics_csv::create((folder / "metrics.csv").string());
  REQUIRE(metrics);
  std::FILE* const out = std::tmpfile();
  REQUIRE(out != nullptr);
  tf::progress_display display{out, false};
  tf::accuracy_curve curve{(folder / "accuracy.svg").string(), "Pairs", "next_sentence",
                           tf::accuracy_curve::baseline{"guessing", 0.5}};
  REQUIRE(trainer.run(data, *metrics, display, curve));

  std::ifstream rows{folder / "metrics.csv"};
  std::string row;
  REQUIRE(std::getline(rows, row));
  CHECK(row ==
        "step,training_loss,validation_loss,learning_rate,gradient_norm,tokens_per_second,flops_per_second,utilization,"
        "validation_masked_lm_loss,validation_masked_lm_accuracy,validation_next_sentence_loss,"
        "validation_next_sentence_accuracy");
  int count = 0;
  for (; std::getline(rows, row); ++count) CHECK(std::count(row.begin(), row.end(), ',') == 11);
  CHECK(count == 4 + 3);

  std::string shown(std::size_t(std::ftell(out)), '\0');
  std::rewind(out);
  CHECK(std::fread(shown.data(), 1, shown.size(), out) == shown.size());
  std::fclose(out);
  CHECK(shown.find("  masked_lm ") != std::string::npos);
  CHECK(shown.find("  next_sentence ") != std::string::npos);
  CHECK(shown.find(" % of peak)") != std::string::npos);

  const std::string svg = content((folder / "accuracy.svg").string());
  CHECK(svg.find(">next_sentence<") != std::string::npos);
  CHECK(svg.find(">guessing<") != std::string::npos);
  REQUIRE(curve.chart().lines.size() == 2);
  CHECK(curve.chart().lines[0].points.size() == 3);
  CHECK(curve.chart().lines[1].points[0].y == 0.5);

  pair_trainer another{{.steps = 4}};
  tf::accuracy_curve unknown{(folder / "none.svg").string(), "Pairs", "causal_lm"};
  const auto run = another.run(data, unknown);
  REQUIRE_FALSE(run);
  CHECK(run.error().message().find("the objective has no part called causal_lm") != std::string::npos);
  std::filesystem::remove_all(folder);
}

TEST_CASE("continues the metrics of a resumed run with every row once", "[trainer]") {
  const auto folder = std::filesystem::temp_directory_path() / ("typeformer-metrics-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const std::string path = (folder / "metrics.csv").string(), checkpoint = (folder / "c.safetensors").string();
  repeated_tokens data;
  const tf::training_recipe<tf::adamw> recipe{.steps = 12, .evaluation_interval = 4};
  const auto steps_and_losses = [&] {  // the other columns hold times
    std::ifstream rows{path};
    std::string row, all;
    while (std::getline(rows, row)) all += row.substr(0, row.find(',', row.find(',', row.find(',') + 1) + 1)) + "\n";
    return all;
  };
  {
    pair_trainer whole{recipe};
    whole.initialize(1);
    auto metrics = tf::metrics_csv::create(path);
    REQUIRE(metrics);
    struct keeps_at_5 {
      std::string path;
      tf::result<void, tf::training_error> on_step(const pair_trainer& trainer, const tf::step_report& r) {
        if (r.step == 5) return trainer.save_checkpoint(path);
        return {};
      }
    };
    REQUIRE(whole.run(data, *metrics, keeps_at_5{checkpoint}));
  }
  const std::string expected = steps_and_losses();
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 3);  // the run was killed in its last row
  pair_trainer resumed{recipe};
  REQUIRE(resumed.resume(checkpoint));
  auto metrics = tf::metrics_csv::going_on(path);
  REQUIRE(resumed.run(data, metrics));
  CHECK(steps_and_losses() == expected);
  CHECK(std::count(expected.begin(), expected.end(), '\n') == 1 + 12 + 4);
  std::filesystem::remove_all(folder);
}
