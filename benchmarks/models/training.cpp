// SPDX-License-Identifier: BSL-1.0
// One training step of a character-level GPT in nanoGPT's shape for a CPU: 12 windows of 64 tokens, 4 layers, width
// 128.
#include <benchmark/benchmark.h>

#include <typeformer/hosted/data/causal_windows.hpp>
#include <typeformer/hosted/training/trainer.hpp>
#include <typeformer/inspection/flops.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/optimizers/adamw.hpp>
#include <typeformer/parallel/spin_workers.hpp>

namespace tf = typeformer;

namespace {

struct character_gpt
    : tf::gpt2<tf::gpt2_config{.layers = 4, .width = 128, .heads = 4, .vocabulary = 65, .context = 64}> {};
constexpr tf::index_type windows = 12, tokens = 64;

template <class Workers>
using trainer = tf::trainer<character_gpt, tf::causal_language_model, tf::adamw, tf::batch<windows>, tf::tokens<tokens>,
                            tf::on_workers<Workers>>;

auto random_text() {
  std::vector<std::int32_t> ids;
  for (tf::philox random{1}; ids.size() < 20'000;) ids.push_back(std::int32_t(random() % character_gpt::vocabulary));
  return *tf::causal_windows<windows, tokens>::of(std::move(ids), character_gpt::vocabulary, 1);
}

template <class Workers> void take_steps(benchmark::State& state, Workers workers) {
  auto data = random_text();
  trainer<Workers> train{{}, workers};
  train.initialize(1);
  for (auto _ : state)
    if (const auto report = train.step(data); !report) state.SkipWithError(report.error().message().c_str());
  using use = tf::training_with<tf::causal_language_model, tf::batch<windows>, tf::tokens<tokens>>;
  constexpr double flops = double(tf::flops<character_gpt, use>);
  state.counters["tokens/s"] =
      benchmark::Counter(double(windows * tokens), benchmark::Counter::kIsIterationInvariantRate);
  state.counters["flop/s"] = benchmark::Counter(flops, benchmark::Counter::kIsIterationInvariantRate);
}

void step(benchmark::State& state) { take_steps(state, tf::inline_workers{}); }
void step_with_two_threads(benchmark::State& state) {
  tf::spin_pool<2> pool;
  take_steps(state, tf::spin_workers<2>{pool});
}

}  // namespace

BENCHMARK(step)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(step_with_two_threads)->Unit(benchmark::kMillisecond)->UseRealTime();
