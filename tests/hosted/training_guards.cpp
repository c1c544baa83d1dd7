// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include <support/catch.hpp>
#include <typeformer/hosted/data/causal_windows.hpp>
#include <typeformer/hosted/training/callback.hpp>
#include <typeformer/hosted/training/early_stop.hpp>
#include <typeformer/hosted/training/trainer.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/optimizers/adafactor.hpp>
#include <typeformer/optimizers/adamw.hpp>
#include <typeformer/optimizers/lamb.hpp>

namespace tf = typeformer;

namespace {

struct guarded : tf::gpt2<tf::gpt2_config{.layers = 2, .width = 8, .heads = 2, .vocabulary = 7, .context = 8}> {};
template <class Optimizer = tf::adamw>
using trainer_of = tf::trainer<guarded, tf::causal_language_model, Optimizer, tf::batch<2>, tf::tokens<8>>;
using windows = tf::causal_windows<2, 8>;

windows some_data() {
  std::vector<std::int32_t> tokens(400);
  for (std::size_t i = 0; i < tokens.size(); ++i) tokens[i] = std::int32_t(i * i % 7);
  auto data = windows::of(tokens, 7, 5);
  REQUIRE(data);
  return std::move(*data);
}

template <class Trainer> std::vector<float> values_of(const Trainer& trainer) {
  return {trainer.values().data(), trainer.values().data() + trainer.values().size()};
}

const auto trains_the_last_block = [](const tf::parameter_tensor& tensor) {
  return std::string(tensor.name().view()).find("blocks.1.") == 0;
};

template <class Optimizer> void frozen_tensors_stay() {
  auto data = some_data();
  trainer_of<Optimizer> trainer{{.steps = 5, .trains = trains_the_last_block}};
  trainer.initialize(3);
  const auto before = values_of(trainer);
  REQUIRE(trainer.run(data));
  tf::for_each_tensor(tf::layout_of<guarded>, [&](const tf::parameter_tensor& tensor) {
    CAPTURE(std::string(tensor.name().view()));
    const float* const now = trainer.values().of(tensor);
    const bool same = std::memcmp(now, before.data() + tensor.offset, std::size_t(tensor.size()) * sizeof(float)) == 0;
    CHECK(same == !trains_the_last_block(tensor));
    for (int i = 0; i < Optimizer::state_arrays && !trains_the_last_block(tensor); ++i) {
      const float* const state = trainer.moments().array(i) + tensor.offset;
      CHECK(std::all_of(state, state + tensor.size(), [](float x) { return x == 0; }));
    }
  });
}

}  // namespace

TEST_CASE("finds a spike in a loss far above the previous ones", "[guard]") {
  const std::vector<double> last{2, 4, 2, 4};  // mean 3, deviation 1
  const tf::loss_guard by_deviations{.window = 4, .deviations = 3}, by_ratio{.window = 4, .deviations = 0, .ratio = 2};
  CHECK(by_deviations.spike(last, 6).empty());
  CHECK(by_deviations.spike(last, 6.01) ==
        "the loss is 6.01, that of the 4 steps before 3 with a standard deviation of 1");
  CHECK(by_ratio.spike(last, 6).empty());
  CHECK_FALSE(by_ratio.spike(last, 6.01).empty());
  CHECK(tf::loss_guard{.window = 5}.spike(last, 1000).empty());
  CHECK(tf::loss_guard{}.spike(last, 1000).empty());
  CHECK(tf::loss_guard{}.spike({}, 1000).empty());
}

TEST_CASE("stops training at a spike before the update", "[guard]") {
  auto data = some_data();
  trainer_of<> trainer{{.steps = 40, .guard = {.window = 10, .deviations = 8}}};
  trainer.initialize(3);
  for (int i = 0; i < 20; ++i) REQUIRE(trainer.step(data));
  const auto good = values_of(trainer);
  for (float& value : std::span(trainer.values().data(), good.size())) value *= 30;
  const auto before = values_of(trainer);
  const auto folder = std::filesystem::temp_directory_path() / ("typeformer-spike-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  REQUIRE(trainer.save_checkpoint((folder / "checkpoint.safetensors").string()));
  const auto spike = trainer.run(data);
  REQUIRE_FALSE(spike);
  CHECK(spike.error().what == tf::training_error::problem::loss_spike);
  CHECK(spike.error().message().find("step 21: the loss is ") == 0);
  CHECK(spike.error().message().find("; the last good checkpoint is " + (folder / "checkpoint.safetensors").string() +
                                     ", after step 20") != std::string::npos);
  CHECK(values_of(trainer) == before);
  CHECK(trainer.steps_taken() == 20);
  std::filesystem::remove_all(folder);
  std::copy(good.begin(), good.end(), trainer.values().data());
  CHECK(trainer.step(data));
}

TEST_CASE("names what is not finite", "[guard]") {
  auto data = some_data();
  trainer_of<> trainer{{}};
  trainer.initialize(3);
  tf::for_each_tensor(tf::layout_of<guarded>, [&](const tf::parameter_tensor& tensor) {
    if (tensor.name().view() == "blocks.1.feed_forward.up.bias")
      trainer.values().of(tensor)[3] = std::numeric_limits<float>::quiet_NaN();
  });
  const auto step = trainer.step(data);
  REQUIRE_FALSE(step);
  CHECK(step.error().what == tf::training_error::problem::loss_is_not_finite);
  CHECK(step.error().message().find(
            "step 1: the loss or its gradient is not finite; the first parameter that is not finite "
            "is in blocks.1.feed_forward.up.bias; ") == 0);
  CHECK(step.error().message().find("; there is no checkpoint") != std::string::npos);
  CHECK(trainer.steps_taken() == 0);
}

TEST_CASE("keeps the bits of frozen tensors", "[frozen]") {
  SECTION("adamw") { frozen_tensors_stay<tf::adamw>(); }
  SECTION("lamb") { frozen_tensors_stay<tf::lamb>(); }
  SECTION("adafactor") { frozen_tensors_stay<tf::adafactor>(); }
}

TEST_CASE("leaves frozen tensors out of the gradient's norm", "[frozen]") {
  auto data = some_data();
  trainer_of<> trainer{{.trains = trains_the_last_block}};
  trainer.initialize(3);
  tf::parameters<guarded> gradients;
  tf::training_pass<guarded, tf::causal_language_model, tf::batch<2>, tf::tokens<8>> training_pass;
  tf::token_batch batch = data.training_batch(0);
  tf::set_mean_scales<tf::causal_language_model>(batch);
  REQUIRE(training_pass.run(trainer.values().data(), gradients.data(), batch));
  double squares = 0, all_squares = 0;
  tf::for_each_tensor(tf::layout_of<guarded>, [&](const tf::parameter_tensor& tensor) {
    for (tf::index_type i = 0; i < tensor.size(); ++i) {
      const double square = double(gradients.of(tensor)[i]) * double(gradients.of(tensor)[i]);
      all_squares += square;
      if (trains_the_last_block(tensor)) squares += square;
    }
  });
  const auto step = trainer.step(data);
  REQUIRE(step);
  CHECK(step->gradient_norm == Approx(std::sqrt(squares)).epsilon(1e-9));
  CHECK(squares < 0.9 * all_squares);
}

TEST_CASE("takes functions as observers", "[callback]") {
  auto data = some_data();
  trainer_of<> trainer{{.steps = 12, .evaluation_interval = 4}};
  trainer.initialize(3);
  std::vector<tf::index_type> steps, evaluated, ends;
  SECTION("in their order, with or without the trainer") {
    const auto run = trainer.run(
        data, tf::on_step([&](const tf::step_report& r) { steps.push_back(r.step); }),
        tf::on_evaluation([&](const auto& t, const tf::evaluation_report& r) -> tf::result<void, tf::training_error> {
          CHECK(t.steps_taken() == r.step);
          evaluated.push_back(r.step);
          return {};
        }),
        tf::on_end([&](const tf::training_summary& s) { ends.push_back(s.steps); }));
    REQUIRE(run);
    CHECK(steps.size() == 12);
    CHECK(steps.back() == 12);
    CHECK(evaluated == std::vector<tf::index_type>{0, 4, 8, 12});
    CHECK(ends == std::vector<tf::index_type>{12});
  }
  SECTION("false stops") {
    const auto run = trainer.run(data, tf::on_step([](const tf::step_report& r) { return r.step < 7; }));
    REQUIRE(run);
    CHECK(run->steps == 7);
    CHECK(run->interrupted);
  }
  SECTION("an error ends") {
    const auto run = trainer.run(data, tf::on_step([](const tf::step_report&) -> tf::result<void, tf::training_error> {
                                   return tf::failure{tf::training_error{tf::training_error::problem::file, "full"}};
                                 }));
    REQUIRE_FALSE(run);
    CHECK(run.error().message() == "full");
    CHECK(trainer.steps_taken() == 1);
  }
}

TEST_CASE("stops training early if the validation loss does not improve", "[early_stop]") {
  struct losses {
    std::vector<tf::evaluated_step> all{};
    const std::vector<tf::evaluated_step>& evaluations() const { return all; }
  } trainer;
  tf::early_stop stop{2, 0.1};
  const auto evaluated = [&](std::int64_t step, double loss) {
    trainer.all.push_back({step, loss});
    REQUIRE(stop.on_evaluation(trainer, {}));
    return stop.wants_stop();
  };
  CHECK(stop.best_step() == -1);
  CHECK_FALSE(evaluated(0, 5));
  CHECK_FALSE(evaluated(10, 4));
  CHECK_FALSE(evaluated(20, 3.95));  // better, but by too little
  CHECK_FALSE(evaluated(30, 3.8));
  CHECK(stop.best_step() == 30);
  CHECK_FALSE(evaluated(40, 4));
  CHECK(evaluated(50, 3.75));
  CHECK(stop.best_step() == 30);
  CHECK(stop.best_loss() == 3.8);
  tf::early_stop resumed{2, 0.1};
  REQUIRE(resumed.on_start(trainer));
  CHECK(resumed.wants_stop());
  CHECK(resumed.best_step() == 30);
}

TEST_CASE("ends a run without progress after the patience", "[early_stop]") {
  auto data = some_data();
  trainer_of<> trainer{{.learning_rate = tf::constant_schedule{0}, .steps = 100, .evaluation_interval = 2}};
  trainer.initialize(3);
  tf::early_stop stop{3};
  const auto run = trainer.run(data, stop);
  REQUIRE(run);
  CHECK(run->steps == 6);
  CHECK(run->interrupted);
  CHECK(stop.best_step() == 0);
}

TEST_CASE("averages the weights of all steps", "[trainer]") {
  auto data = some_data();
  trainer_of<> trainer{{.steps = 4, .average = tf::polyak_average{}}};
  trainer.initialize(3);
  std::vector<double> sums(std::size_t(trainer.values().size()));
  for (int i = 0; i < 4; ++i) {
    REQUIRE(trainer.step(data));
    for (std::size_t at = 0; at < sums.size(); ++at) sums[at] += double(trainer.values().data()[at]);
  }
  double largest_difference = 0;
  for (std::size_t at = 0; at < sums.size(); ++at)
    largest_difference = std::max(largest_difference, std::abs(sums[at] / 4 - double(trainer.average().data()[at])));
  CHECK(largest_difference < 1e-7);
}
