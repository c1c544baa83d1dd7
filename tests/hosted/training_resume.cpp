// SPDX-License-Identifier: BSL-1.0
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <support/catch.hpp>
#include <typeformer/hosted/data/causal_windows.hpp>
#include <typeformer/hosted/training/checkpoint_keeper.hpp>
#include <typeformer/hosted/training/trainer.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/optimizers/adafactor.hpp>
#include <typeformer/optimizers/adamw.hpp>
#include <typeformer/optimizers/schedules/linear_schedule.hpp>
#include <typeformer/optimizers/sgd.hpp>

namespace tf = typeformer;

namespace {

struct small : tf::gpt2<tf::gpt2_config{.layers = 2, .width = 8, .heads = 2, .vocabulary = 7, .context = 8}> {};
struct wider : tf::gpt2<tf::gpt2_config{.layers = 2, .width = 12, .heads = 2, .vocabulary = 7, .context = 8}> {};
struct deeper : tf::gpt2<tf::gpt2_config{.layers = 3, .width = 8, .heads = 2, .vocabulary = 7, .context = 8}> {};
struct dropping
    : tf::gpt2<tf::gpt2_config{.layers = 2, .width = 8, .heads = 2, .vocabulary = 7, .context = 8, .dropout = 0.5}> {};

template <class M, class Optimizer = tf::adamw, tf::index_type Batch = 2>
using trainer_of = tf::trainer<M, tf::causal_language_model, Optimizer, tf::batch<Batch>, tf::tokens<8>>;
using small_trainer = trainer_of<small>;

template <class Optimizer = tf::adamw> tf::training_recipe<Optimizer> recipe() {
  return {
      .learning_rate = tf::linear_schedule{.learning_rate = 1e-2, .steps = 20}, .steps = 20, .evaluation_interval = 5};
}

template <tf::index_type Batch = 2> tf::causal_windows<Batch, 8> data_of(std::uint64_t seed = 5) {
  std::vector<std::int32_t> tokens(400);
  for (std::size_t i = 0; i < tokens.size(); ++i) tokens[i] = std::int32_t(i * i % 7);
  auto data = tf::causal_windows<Batch, 8>::of(tokens, 7, seed);
  REQUIRE(data);
  return std::move(*data);
}

template <class Trainer, class Data> void take_steps(Trainer& trainer, Data& data, int count) {
  for (int i = 0; i < count; ++i) REQUIRE(trainer.step(data));
}

template <class Trainer> std::vector<float> bits_of(const Trainer& trainer) {
  std::vector<float> all(trainer.values().data(), trainer.values().data() + trainer.values().size());
  for (int i = 0; i < trainer.moments().array_count; ++i)
    all.insert(all.end(), trainer.moments().array(i), trainer.moments().array(i) + trainer.moments().array_size);
  all.insert(all.end(), trainer.moments().compact(), trainer.moments().compact() + trainer.moments().compact_size);
  return all;
}

struct temporary_folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("typeformer-resume-" + std::to_string(::getpid()));
  temporary_folder() { std::filesystem::create_directories(path); }
  ~temporary_folder() { std::filesystem::remove_all(path); }
  std::string operator/(const char* name) const { return (path / name).string(); }
};

std::string content(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}
void write(const std::string& path, const std::string& bytes) { std::ofstream{path, std::ios::binary} << bytes; }

template <class Optimizer> void goes_on_bit_for_bit() {
  const temporary_folder folder;
  auto data = data_of();
  trainer_of<dropping, Optimizer> whole{recipe<Optimizer>()}, first{recipe<Optimizer>()}, second{recipe<Optimizer>()};
  whole.initialize(3);
  first.initialize(3);
  take_steps(whole, data, 9);
  take_steps(first, data, 4);
  REQUIRE(first.save_checkpoint(folder / "checkpoint.safetensors"));
  second.initialize(99);
  REQUIRE(second.resume(folder / "checkpoint.safetensors"));
  CHECK(second.steps_taken() == 4);
  CHECK(bits_of(second) == bits_of(first));
  take_steps(second, data, 5);
  CHECK(second.steps_taken() == 9);
  CHECK(bits_of(second) == bits_of(whole));
}

}  // namespace

TEST_CASE("resumes a run bit for bit with the state of any optimizer", "[trainer]") {
  SECTION("two moments") { goes_on_bit_for_bit<tf::adamw>(); }
  SECTION("rows and columns") { goes_on_bit_for_bit<tf::adafactor>(); }
  SECTION("nothing") { goes_on_bit_for_bit<tf::sgd>(); }
}

TEST_CASE("draws dropout from the seed and the step", "[trainer]") {
  auto data = data_of();
  trainer_of<dropping> first{recipe()}, again{recipe()}, other{recipe()};
  for (auto* trainer : {&first, &again}) trainer->initialize(3);
  other.initialize(4);
  std::copy_n(first.values().data(), first.values().size(), other.values().data());
  const auto a = first.step(data), b = again.step(data), c = other.step(data);
  REQUIRE((a && b && c));
  CHECK(a->loss == b->loss);
  CHECK(a->loss != c->loss);
  std::copy_n(again.values().data(), again.values().size(), first.values().data());
  const auto next = first.step(data);
  REQUIRE(next);
  CHECK(bits_of(first) != bits_of(again));
}

TEST_CASE("keeps the evaluations before and after resuming, and repeats none", "[trainer]") {
  const temporary_folder folder;
  auto data = data_of();
  small_trainer whole{recipe()}, first{recipe()}, second{recipe()};
  whole.initialize(3);
  first.initialize(3);
  REQUIRE(whole.run(data));
  struct stops_at_8 {
    bool stop = false;
    tf::result<void, tf::training_error> on_step(const small_trainer&, const tf::step_report& r) {
      stop = r.step == 8;
      return {};
    }
    bool wants_stop() const { return stop; }
  } stops;
  tf::checkpoint_keeper keeper{folder / "model.safetensors"};
  REQUIRE(first.run(data, stops, keeper));
  REQUIRE(keeper.checkpoint_path() == folder / "checkpoint.safetensors");
  REQUIRE(second.resume(keeper.checkpoint_path()));
  REQUIRE(second.steps_taken() == 8);
  REQUIRE(second.run(data, keeper));
  REQUIRE(whole.evaluations().size() == 5);
  REQUIRE(second.evaluations().size() == 5);
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(second.evaluations()[i].step == 5 * std::int64_t(i));
    CHECK(second.evaluations()[i].validation_loss == whole.evaluations()[i].validation_loss);
  }
  CHECK(bits_of(second) == bits_of(whole));
  const auto model = tf::load_parameters<small>(folder / "model.safetensors");
  REQUIRE(model);
  CHECK(std::memcmp(model->data(), whole.values().data(), std::size_t(model->size()) * sizeof(float)) == 0);
}

TEST_CASE("rejects a checkpoint of another run by name, and changes nothing", "[trainer]") {
  const temporary_folder folder;
  const std::string path = folder / "checkpoint.safetensors";
  auto data = data_of();
  small_trainer trainer{recipe()};
  trainer.initialize(3);
  take_steps(trainer, data, 3);
  REQUIRE(trainer.save_checkpoint(path));
  const auto rejection = [&](auto& other) {
    const auto before = bits_of(other);
    const auto resumed = other.resume(path);
    REQUIRE_FALSE(resumed);
    CHECK(resumed.error().what == tf::training_error::problem::file);
    CHECK(bits_of(other) == before);
    CHECK(other.steps_taken() == 0);
    return resumed.error().message();
  };
  const auto rejection_of = [&](auto changed) {
    trainer_of<small, decltype(changed.optimizer)> other{changed};
    other.initialize(1);
    return rejection(other);
  };
  auto changed = recipe();
  SECTION("another shape") {
    trainer_of<wider> other{recipe()};
    CHECK(rejection(other) ==
          path + ": tensor \"transformer.wte.weight\": wrong shape: expected [7, 12], found [7, 8]");
  }
  SECTION("more layers") {
    trainer_of<deeper> other{recipe()};
    CHECK(rejection(other).find("the run that it continues has another model: expected 52 tensors, found 36") !=
          std::string::npos);
  }
  SECTION("another optimizer") {
    CHECK(rejection_of(recipe<tf::sgd>())
              .find("another training.optimizer: expected \"typeformer::sgd\", found "
                    "\"typeformer::basic_adamw<false>\"") != std::string::npos);
  }
  SECTION("hyper-parameters") {
    changed.optimizer.beta2 = 0.98;
    CHECK(rejection_of(changed) == path +
                                       ": the run that it continues has another training.hyper_parameters: expected "
                                       "\"0.9, 0.98, 1e-08, 0.01\", found \"0.9, 0.999, 1e-08, 0.01\"");
  }
  SECTION("accumulation") {
    changed.accumulated_batches = 2;
    CHECK(rejection_of(changed).find("training.accumulated_batches: expected \"2\", found \"1\"") != std::string::npos);
  }
  SECTION("clipping") {
    changed.maximum_gradient_norm = 0.5;
    CHECK(rejection_of(changed).find("training.maximum_gradient_norm: expected \"0.5\"") != std::string::npos);
  }
  SECTION("schedule") {
    changed.learning_rate = tf::linear_schedule{.learning_rate = 1e-2, .steps = 21};
    CHECK(rejection_of(changed).find("training.learning_rate_of_step_2: expected ") != std::string::npos);
  }
  SECTION("frozen tensors") {
    changed.trains = [](const tf::parameter_tensor& t) { return t.name().view() != "blocks.1.attention.key.bias"; };
    CHECK(rejection_of(changed) ==
          path +
              ": tensor \"blocks.1.attention.key.bias\": the run that it continues has another "
              "training.trains: expected no, found yes");
  }
  SECTION("average") {
    changed.average = tf::polyak_average{};
    CHECK(rejection_of(changed).find("training.keeps_an_average: expected \"yes\", found \"no\"") != std::string::npos);
  }
  SECTION("another batch") {
    trainer_of<small, tf::adamw, 3> other{recipe()};
    CHECK(rejection(other).find(
              "training.batch: expected \"3 sequences of 8 tokens\", found \"2 sequences of 8 tokens\"") !=
          std::string::npos);
  }
  SECTION("other data") {
    small_trainer other{recipe()};
    REQUIRE(other.resume(path));
    auto other_data = data_of(6);
    const auto before = bits_of(other);
    const auto step = other.step(other_data);
    REQUIRE_FALSE(step);
    CHECK(step.error().what == tf::training_error::problem::other_data);
    CHECK(step.error().message() == path + ": the run that it continues had other data: batch 2 differs");
    CHECK(bits_of(other) == before);
    CHECK(other.step(data));
  }
  SECTION("what only ends training may differ") {
    changed.steps = 40;
    changed.evaluation_interval = 3;
    changed.guard.window = 10;
    small_trainer other{changed};
    CHECK(other.resume(path));
  }
  SECTION("weights alone") {
    REQUIRE(tf::save(path, trainer.values()));
    small_trainer other{recipe()};
    CHECK(rejection(other) ==
          path + ": is no checkpoint of training: expected training.version in its metadata, found none");
  }
  SECTION("no file") {
    std::filesystem::remove(path);
    small_trainer other{recipe()};
    CHECK(rejection(other).find(path) == 0);
  }
}

TEST_CASE("rejects a checkpoint with damage anywhere in its header, or reads the same", "[trainer]") {
  const temporary_folder folder;
  const std::string good = folder / "checkpoint.safetensors", bad = folder / "damaged.safetensors";
  auto data = data_of();
  small_trainer trainer{recipe()};
  trainer.initialize(3);
  take_steps(trainer, data, 3);
  REQUIRE(trainer.save_checkpoint(good));
  const std::string bytes = content(good);
  std::uint64_t header = 0;
  std::memcpy(&header, bytes.data(), 8);
  small_trainer other{recipe()};
  int rejected = 0, tried = 0;
  const auto try_it = [&](const std::string& damaged) {
    write(bad, damaged);
    const auto before = bits_of(other);
    const auto steps = other.steps_taken();
    ++tried;
    if (other.resume(bad)) return;
    ++rejected;
    REQUIRE(bits_of(other) == before);
    REQUIRE(other.steps_taken() == steps);
  };
  for (std::size_t size = 0; size < bytes.size(); size += 997) try_it(bytes.substr(0, size));
  CHECK(rejected == tried);
  tf::philox random{1};
  for (int i = 0; i < 300; ++i) {
    std::string damaged = bytes;
    damaged[std::size_t(random()) % (8 + std::size_t(header))] ^= char(1 << (random() % 8));
    try_it(damaged);
  }
  CHECK(rejected > tried / 2);
  std::string not_a_number = bytes;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  std::memcpy(not_a_number.data() + 8 + header + 40, &nan, 4);
  write(bad, not_a_number);
  const auto resumed = other.resume(bad);
  REQUIRE_FALSE(resumed);
  CHECK(resumed.error().message() ==
        bad + ": tensor \"transformer.wte.weight\": a number is not finite: found element 10");
}

TEST_CASE("never replaces a good checkpoint by numbers that are not finite", "[trainer]") {
  const temporary_folder folder;
  const std::string path = folder / "checkpoint.safetensors";
  auto data = data_of();
  small_trainer trainer{recipe()};
  trainer.initialize(3);
  take_steps(trainer, data, 2);
  REQUIRE(trainer.save_checkpoint(path));
  const std::string good = content(path);
  take_steps(trainer, data, 1);
  trainer.values().data()[100] = std::numeric_limits<float>::infinity();
  const auto saved = trainer.save_checkpoint(path);
  REQUIRE_FALSE(saved);
  CHECK(saved.error().message().find("after step 3: ") == 0);
  CHECK(saved.error().message().find("the last good checkpoint is " + path + ", after step 2") != std::string::npos);
  CHECK((content(path) == good));
}
