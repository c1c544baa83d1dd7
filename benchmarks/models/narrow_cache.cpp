// SPDX-License-Identifier: BSL-1.0
// Single tokens of a Llama with 110 million parameters in bfloat16 on one thread, after few tokens and after 4,000, whose
// cached keys and values have each format.
#include <support/multiply_add_peak.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/execution/narrow_cache.hpp>
#include <typeformer/inspection/footprint.hpp>
#include <typeformer/models/llama.hpp>
#include <typeformer/parameters/initialize.hpp>
#include <typeformer/parameters/narrow_weights.hpp>
#include <typeformer/session/session.hpp>

namespace {

namespace tf = typeformer;
using tf::index_type;

constexpr index_type long_context = 4000;

/// The shape of llama2.c's stories110M, with a longer context.
struct llama_110m : tf::llama<tf::llama_config{.layers = 12,
                                               .width = 768,
                                               .heads = 12,
                                               .hidden = 2048,
                                               .vocabulary = 32000,
                                               .context = 4096,
                                               .tied = true}> {};

using narrow_weights = tf::weights<llama_110m, tf::bf16>;
const narrow_weights& weights() {
  static const auto values = [] {
    tf::parameters<llama_110m> all;
    tf::initialize(all, tf::philox{1});
    return narrow_weights{all};
  }();
  return values;
}

template <class Format> void measure_cache(benchmark::State& state) {
  using decodes = tf::decoding_with<tf::tokens<128>, tf::reads<narrow_weights>, tf::cache_in<Format>>;
  tf::session<llama_110m, tf::tokens<128>, tf::reads<narrow_weights>, tf::cache_in<Format>> run{weights()};
  std::int32_t ids[128];
  const auto seconds_of = [](auto&& call) {
    const double start = tf::benchmarks::thread_seconds();
    return call() ? tf::benchmarks::thread_seconds() - start : 1e30;
  };
  const auto token = [&] { return seconds_of([&] { return bool(run.decode(11)); }); };
  double first = 1e30, last = 1e30;
  for (int i = 0; i < 8; ++i) first = std::min(first, token());
  for (index_type read = 0; read < long_context; read += 128) {
    for (index_type i = 0; i < 128; ++i) ids[i] = std::int32_t((read + i) * 131 % 32000);
    if (!run.prefill({ids, std::size_t(std::min<index_type>(128, long_context - read))}))
      return state.SkipWithError("");
  }
  for (auto _ : state) {
    if (!run.truncate(0, long_context)) return state.SkipWithError("");
    for (int i = 0; i < 8; ++i) last = std::min(last, token());
  }
  state.counters["MB_of_cache"] = 1e-6 * double(tf::footprint<llama_110m, decodes>::state_bytes);
  state.counters["first_tokens_per_s"] = 1 / first;
  state.counters["tokens_per_s_after_4000"] = 1 / last;
  state.counters["ms_of_the_cache"] = 1e3 * (last - first);
}

void cache_float32(benchmark::State& state) { measure_cache<float>(state); }
void cache_bf16(benchmark::State& state) { measure_cache<tf::bf16>(state); }
void cache_int8(benchmark::State& state) { measure_cache<tf::int8<>>(state); }

}  // namespace

BENCHMARK(cache_float32)->Unit(benchmark::kMillisecond)->MinTime(2);
BENCHMARK(cache_bf16)->Unit(benchmark::kMillisecond)->MinTime(2);
BENCHMARK(cache_int8)->Unit(benchmark::kMillisecond)->MinTime(2);
