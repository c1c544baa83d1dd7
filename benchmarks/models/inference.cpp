// SPDX-License-Identifier: BSL-1.0
// Prompts and single tokens through whole models on one thread, as a share of what the machine's multiply-adds and its
// memory allow, both measured in the same run. TYPEFORMER_SHARED names the folder whose weights/stories260K is used.
#include <cstdlib>
#include <string>

#include <support/memory_bandwidth.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/generation/greedy.hpp>
#include <typeformer/generation/random.hpp>
#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/inspection/flops.hpp>
#include <typeformer/kernels/attention.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/models/llama.hpp>
#include <typeformer/parameters/initialize.hpp>
#include <typeformer/session/session.hpp>

namespace {

namespace tf = typeformer;
namespace benchmarks = typeformer::benchmarks;
using tf::index_type;

struct gpt2_124m : tf::gpt2<tf::gpt2_config{}> {};
static_assert(tf::layout_of<gpt2_124m>.parameters == 124'439'808);

/// The shape of llama2.c's stories260K.
struct stories : tf::llama<tf::llama_config{.layers = 5,
                                            .width = 64,
                                            .heads = 8,
                                            .key_value_heads = 4,
                                            .hidden = 172,
                                            .vocabulary = 512,
                                            .context = 512,
                                            .epsilon = 1e-5,
                                            .tied = true,
                                            .turns_adjacent_pairs = true}> {};
static_assert(tf::layout_of<stories>.parameters == 260'032);

template <class M> tf::weights<M> random_weights() {
  tf::parameters<M> values;
  tf::initialize(values, tf::philox{1});
  return tf::weights<M>{values};
}
const tf::weights<gpt2_124m>& gpt2_weights() {
  static const auto values = random_weights<gpt2_124m>();
  return values;
}
tf::weights<stories> read_stories() {
  if (const char* const shared = std::getenv("TYPEFORMER_SHARED")) {
    auto loaded = tf::load<stories>(std::string(shared) + "/weights/stories260K/stories260K.safetensors");
    if (loaded) return std::move(*loaded);
  }
  return random_weights<stories>();
}
const tf::weights<stories>& stories_weights() {
  static const auto values = read_stories();
  return values;
}

struct prompt_ids {
  std::int32_t ids[64]{};
  constexpr prompt_ids() {
    for (std::int32_t i = 0; i < 64; ++i) ids[i] = i * 7 % 500;
  }
};
constexpr prompt_ids prompt{};

/// FLOPs of a fresh prompt of `Tokens` whose last row alone goes through the head.
template <class M, index_type Tokens>
constexpr double prompt_flops = double(tf::flops<M, tf::decoding_with<tf::tokens<Tokens>>>);
/// Every parameter once; only of the positions a single row is read.
template <class M> constexpr double bytes_of_a_token = 4.0 * double(tf::layout_of<M>.parameters);

void gpt2_prefill(benchmark::State& state) {
  tf::session<gpt2_124m, tf::tokens<64>> run{gpt2_weights()};
  benchmarks::measure(state, prompt_flops<gpt2_124m, 64>, [&] {
    run.reset();
    if (!run.prefill(prompt.ids)) state.SkipWithError("the prompt was rejected");
  });
  state.counters["peak_GFLOPs"] = benchmarks::peak();
}

void gpt2_decode(benchmark::State& state) {
  tf::session<gpt2_124m, tf::tokens<64>> run{gpt2_weights()};
  if (!run.prefill(prompt.ids)) return state.SkipWithError("the prompt was rejected");
  double best = 1e30;
  for (auto _ : state) {
    if (!run.truncate(0, 64)) return state.SkipWithError("the text was not cut");
    const double start = benchmarks::thread_seconds();
    if (!run.decode(11)) return state.SkipWithError("the token was rejected");
    best = std::min(best, benchmarks::thread_seconds() - start);
  }
  const double gigabytes = 1e-9 * bytes_of_a_token<gpt2_124m>;
  state.counters["tokens_per_s"] = 1 / best;
  state.counters["GBs"] = gigabytes / best;
  state.counters["bandwidth_GBs"] = benchmarks::bandwidth();
  state.counters["percent_of_bandwidth"] = 100 * gigabytes / best / benchmarks::bandwidth();
}

/// From the begin-of-sequence token to position 255, each token chosen from the logits of the one before.
void stories_decode(benchmark::State& state) {
  constexpr int positions = 256;
  tf::session<stories, tf::tokens<64>> run{stories_weights()};
  double best = 1e30, total = 0;
  for (auto _ : state) {
    run.reset();
    const double start = benchmarks::thread_seconds();
    std::int32_t id = 1;
    for (int position = 0; position < positions; ++position) {
      const auto logits = run.decode(id);
      if (!logits) return state.SkipWithError("a token was rejected");
      id = tf::greedy{}(*logits);
    }
    const double seconds = benchmarks::thread_seconds() - start;
    best = std::min(best, seconds);
    total += seconds;
  }
  state.counters["tokens_per_s"] = positions * static_cast<double>(state.iterations()) / total;
  state.counters["best_tokens_per_s"] = positions / best;
}

void stories_prefill(benchmark::State& state) {
  tf::session<stories, tf::tokens<64>> run{stories_weights()};
  benchmarks::measure(state, prompt_flops<stories, 64>, [&] {
    run.reset();
    if (!run.prefill(prompt.ids)) state.SkipWithError("the prompt was rejected");
  });
}

/// The attention of GPT-2's twelve heads over `tokens`, with the mask of a decoder and without one.
void causal_attention(benchmark::State& state) {
  constexpr index_type heads = 12, head_width = 64, width = heads * head_width;
  const index_type tokens = state.range(0), panel = tf::blocks_of(tokens) * tf::key_block * head_width;
  const tf::attention_extents extents{heads, heads, head_width, 0.125};
  const auto rows = benchmarks::numbers(tokens * 3 * width);
  benchmarks::buffer panels(static_cast<std::size_t>(heads * panel)), y(static_cast<std::size_t>(tokens * width));
  const auto columns = [&](index_type first) { return tf::rows_view<const float>{rows.data() + first, 3 * width}; };
  const tf::inline_workers workers{};
  tf::kernels::store_keys<float>(tokens, extents, columns(width), 0, panels.data(), panel, workers);
  const tf::attention_call<float> call{
      tokens, 0, tokens, columns(0), panels.data(), panel, columns(2 * width), nullptr, {y.data(), width}, {}};
  double causal = 1e30, dense = 1e30;
  const auto seconds_of = [&](auto mask) {
    const double start = benchmarks::thread_seconds();
    tf::kernels::attention<decltype(mask), float>(extents, call, workers);
    benchmark::ClobberMemory();
    return benchmarks::thread_seconds() - start;
  };
  for (auto _ : state) {
    causal = std::min(causal, seconds_of(tf::causal_mask{}));
    dense = std::min(dense, seconds_of(tf::full_mask{}));
  }
  state.counters["causal_us"] = 1e6 * causal;
  state.counters["dense_us"] = 1e6 * dense;
  state.counters["causal_over_dense"] = causal / dense;
}

}  // namespace

BENCHMARK(gpt2_prefill)->Unit(benchmark::kMillisecond)->MinTime(3);
BENCHMARK(gpt2_decode)->Unit(benchmark::kMillisecond)->MinTime(3);
BENCHMARK(stories_decode)->Unit(benchmark::kMillisecond)->MinTime(2);
BENCHMARK(stories_prefill)->Unit(benchmark::kMillisecond)->MinTime(2);
BENCHMARK(causal_attention)->ArgName("tokens")->Arg(64)->Arg(512)->Unit(benchmark::kMicrosecond);
