// SPDX-License-Identifier: BSL-1.0
// From files of GPT-2 124M in a temporary folder (1 GB) to weights and sessions. The page cache is warm.
#include <filesystem>
#include <random>
#include <string>

#include <benchmark/benchmark.h>

#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/hosted/weights/mapped_weights.hpp>
#include <typeformer/hosted/weights/save.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/typeformer.hpp>

namespace {

namespace tf = typeformer;

struct gpt2_124m : tf::gpt2<tf::gpt2_config{}> {};
using mapped = tf::mapped_weights<gpt2_124m>;

/// Both files, removed at the end of the program.
class files {
 public:
  files() {
    std::filesystem::create_directories(folder_);
    tf::parameters<gpt2_124m> values;
    std::mt19937 generator{1};
    tf::initialize(values, generator);
    if (!tf::save(checkpoint(), values) || !tf::save_packed(packed(), tf::weights<gpt2_124m>{values})) std::abort();
  }
  ~files() { std::filesystem::remove_all(folder_); }
  std::string checkpoint() const { return (folder_ / "model.safetensors").string(); }
  std::string packed() const { return (folder_ / "packed.safetensors").string(); }

 private:
  std::filesystem::path folder_ = std::filesystem::temp_directory_path() / "typeformer_benchmark_loading";
};

const files& both() {
  static const files instance;
  return instance;
}

void load_checkpoint(benchmark::State& state) {
  const std::string path = both().checkpoint();
  for (auto _ : state) benchmark::DoNotOptimize(tf::load<gpt2_124m>(path)->data());
}

void map_packed_to_session(benchmark::State& state) {
  const std::string path = both().packed();
  for (auto _ : state) {
    const auto weights = mapped::open(path);
    tf::session<gpt2_124m, tf::reads<mapped>> run{*weights};
    benchmark::DoNotOptimize(run);
  }
}

void map_packed_to_first_token(benchmark::State& state) {
  const std::string path = both().packed();
  const std::int32_t prompt[] = {464};
  for (auto _ : state) {
    const auto weights = mapped::open(path);
    tf::session<gpt2_124m, tf::reads<mapped>> run{*weights};
    benchmark::DoNotOptimize(run.prefill(prompt));
  }
}

BENCHMARK(load_checkpoint)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(map_packed_to_session)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(map_packed_to_first_token)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
