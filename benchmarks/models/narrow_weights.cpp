// SPDX-License-Identifier: BSL-1.0
// Prompts and single tokens of a Llama with 110 million parameters on one thread, whose weights have each format: against
// float32 in the same run, and as a share of the bandwidth of the memory.
#include <support/memory_bandwidth.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/models/llama.hpp>
#include <typeformer/parameters/initialize.hpp>
#include <typeformer/parameters/narrow_weights.hpp>
#include <typeformer/session/session.hpp>

namespace {

namespace tf = typeformer;
namespace benchmarks = typeformer::benchmarks;
using tf::index_type;

/// The shape of llama2.c's stories110M.
struct llama_110m : tf::llama<tf::llama_config{.layers = 12,
                                               .width = 768,
                                               .heads = 12,
                                               .hidden = 2048,
                                               .vocabulary = 32000,
                                               .context = 1024,
                                               .tied = true}> {};
static_assert(tf::layout_of<llama_110m>.parameters == 109'529'856);

const tf::parameters<llama_110m>& canonical() {
  static const auto values = [] {
    tf::parameters<llama_110m> all;
    tf::initialize(all, tf::philox{1});
    return all;
  }();
  return values;
}

template <class Format> constexpr double bytes_of_weights() {
  if constexpr (std::is_same_v<Format, float>) return 4.0 * double(tf::layout_of<llama_110m>.parameters);
  else return double(tf::narrow_weights_view<llama_110m, Format>::bytes);
}

template <class Format> void measure_format(benchmark::State& state) {
  using weights = tf::weights<llama_110m, Format>;
  const weights values{canonical()};
  tf::session<llama_110m, tf::tokens<128>, tf::reads<weights>> run{values};
  std::int32_t prompt[128];
  for (int i = 0; i < 128; ++i) prompt[i] = i * 131 % 32000;
  double token = 1e30, whole_prompt = 1e30;
  const auto seconds_of = [](auto&& call) {
    const double start = benchmarks::thread_seconds();
    return call() ? benchmarks::thread_seconds() - start : 1e30;
  };
  for (auto _ : state) {
    run.reset();
    whole_prompt = std::min(whole_prompt, seconds_of([&] { return bool(run.prefill(prompt)); }));
    for (int i = 0; i < 8; ++i) token = std::min(token, seconds_of([&] { return bool(run.decode(11)); }));
  }
  const double gigabytes = 1e-9 * bytes_of_weights<Format>(),
               bandwidth = benchmarks::measure_bandwidth(bytes_of_weights<Format>());
  state.counters["prompt_tokens_per_s"] = 128 / whole_prompt;
  state.counters["tokens_per_s"] = 1 / token;
  state.counters["MB"] = 1e3 * gigabytes;
  state.counters["percent_of_bandwidth"] = 100 * gigabytes / token / bandwidth;
  state.counters["bandwidth_GBs"] = bandwidth;
}

void float32(benchmark::State& state) { measure_format<float>(state); }
void bf16(benchmark::State& state) { measure_format<tf::bf16>(state); }
void int8(benchmark::State& state) { measure_format<tf::int8<>>(state); }
void int8_groups(benchmark::State& state) { measure_format<tf::int8<tf::groups_of<32>>>(state); }
void int4(benchmark::State& state) { measure_format<tf::int4<>>(state); }
void int4_asymmetric(benchmark::State& state) { measure_format<tf::int4<tf::groups_of<32>, tf::asymmetric>>(state); }

}  // namespace

BENCHMARK(float32)->Unit(benchmark::kMillisecond)->MinTime(3);
BENCHMARK(bf16)->Unit(benchmark::kMillisecond)->MinTime(3);
BENCHMARK(int8)->Unit(benchmark::kMillisecond)->MinTime(3);
BENCHMARK(int8_groups)->Unit(benchmark::kMillisecond)->MinTime(3);
BENCHMARK(int4)->Unit(benchmark::kMillisecond)->MinTime(3);
BENCHMARK(int4_asymmetric)->Unit(benchmark::kMillisecond)->MinTime(3);
