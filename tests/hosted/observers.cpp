// SPDX-License-Identifier: BSL-1.0
// Settings of observers are checked before the first step, and the files of observers are not overwritten.
#include <limits>
#include <vector>

#include <hosted/formats_support.hpp>
#include <support/catch.hpp>
#include <typeformer/hosted/data/causal_windows.hpp>
#include <typeformer/hosted/training/checkpoint_keeper.hpp>
#include <typeformer/hosted/training/early_stop.hpp>
#include <typeformer/hosted/training/trainer.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/optimizers/sgd.hpp>

namespace tf = typeformer;
using namespace typeformer::testing;

namespace {

struct small : tf::gpt2<tf::gpt2_config{.layers = 1, .width = 8, .heads = 2, .vocabulary = 11, .context = 8}> {};
using trainer = tf::trainer<small, tf::causal_language_model, tf::sgd, tf::batch<2>, tf::tokens<8>>;

struct trained {
  std::string rejection{};
  tf::index_type steps = 0;
};
template <class Observer> trained train(Observer&& observer) {
  std::vector<std::int32_t> text(400);
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = std::int32_t(i * i % 11);
  auto data = tf::causal_windows<2, 8>::of(text, 11, 5);
  REQUIRE(data);
  trainer train{{.steps = 3, .evaluation_interval = 1}};
  train.initialize(1);
  const auto run = train.run(*data, observer);
  return {run ? std::string{} : run.error().message(), train.steps_taken()};
}

}  // namespace

TEST_CASE("rejects an early stop with wrong numbers before the first step", "[observers]") {
  constexpr double nan_ = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  for (const double least : {nan_, infinity, -1.0}) {
    const trained none = train(tf::early_stop{2, least});
    CHECK(none.steps == 0);
    CHECK(none.rejection.find("early stop: least_improvement: expected a number from 0 to ") == 0);
  }
  const trained impatient = train(tf::early_stop{0});
  CHECK(impatient.steps == 0);
  CHECK(impatient.rejection.find("early stop: patience: expected a number from 1 to ") == 0);
  CHECK(train(tf::early_stop{3, 0.5}).rejection.empty());
}

TEST_CASE("rejects parameters in the checkpoint's file", "[observers]") {
  const scratch_folder folder;
  const std::string path = folder / "checkpoint.safetensors";
  const trained none = train(tf::checkpoint_keeper{path});
  CHECK(none.rejection.find("this name is the checkpoint's") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(path));
  CHECK(none.steps == 0);
  CHECK(train(tf::checkpoint_keeper{folder / "model.safetensors"}).rejection.empty());
  CHECK(std::filesystem::exists(path));
}

TEST_CASE("rejects metadata with two texts of one key before the first step", "[observers]") {
  const scratch_folder folder;
  const std::string path = folder / "model.safetensors";
  const trained of_steps = train(tf::checkpoint_keeper{path, {{"step", "x"}}});
  CHECK(of_steps.rejection == "checkpoint keeper: the key \"step\" of the metadata stands twice");
  CHECK(of_steps.steps == 0);
  CHECK(train(tf::checkpoint_keeper{path, {{"a", "1"}, {"b", "2"}, {"a", "3"}}}).rejection ==
        "checkpoint keeper: the key \"a\" of the metadata stands twice");
  CHECK(train(tf::checkpoint_keeper{path, {}, -3}).rejection.find("checkpoint keeper: interval: expected a number ") ==
        0);
  CHECK_FALSE(std::filesystem::exists(path));
  CHECK(train(tf::checkpoint_keeper{path, {{"a", "1"}, {"format", "pt"}}}).rejection.empty());
}
