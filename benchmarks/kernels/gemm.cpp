// SPDX-License-Identifier: BSL-1.0
// Products of the sizes GPT-2 runs, on one thread, as a share of the multiply-add peak measured in the same run.
#include <algorithm>
#include <cstddef>
#include <ctime>
#include <new>
#include <vector>

#include <benchmark/benchmark.h>

#include <typeformer/kernels/linear.hpp>
#include <typeformer/kernels/pack_panels.hpp>

namespace {

using typeformer::index;
using typeformer::inline_workers;
using typeformer::panel_view;
using typeformer::row_major_view;
using typeformer::rows_view;
namespace kernels = typeformer::kernels;

/// Parameters and activations of a session start at cache lines.
template <class T> struct cache_line_allocator {
  using value_type = T;
  T* allocate(std::size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), std::align_val_t{64})); }
  void deallocate(T* p, std::size_t) { ::operator delete(p, std::align_val_t{64}); }
  bool operator==(const cache_line_allocator&) const = default;
};
using buffer = std::vector<float, cache_line_allocator<float>>;

buffer numbers(index n) {
  buffer v(static_cast<std::size_t>(n));
  unsigned state = 1;
  for (float& x : v) {
    state = state * 1664525u + 1013904223u;
    x = static_cast<float>(state >> 8) / 16777216.0f - 0.5f;
  }
  return v;
}

/// Processor time of this thread: a busy machine takes turns away, not speed.
double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// GFLOP/s of independent multiply-adds that never leave the registers: the best of many short runs.
double measure_peak() {
  using pack = typeformer::simd::pack<float>;
  constexpr int chains = 12, steps = 20000;
  double best = 0;
  for (int run = 0; run < 200; ++run) {
    pack sum[chains];
    TYPEFORMER_UNROLL
    for (int chain = 0; chain < chains; ++chain) sum[chain] = pack(0.0f);
    pack factor(0.999f), addend(1e-6f);
    benchmark::DoNotOptimize(factor);
    benchmark::DoNotOptimize(addend);
    const double start = thread_seconds();
    for (int step = 0; step < steps; ++step)
      TYPEFORMER_UNROLL
      for (int chain = 0; chain < chains; ++chain) sum[chain] = fma(sum[chain], factor, addend);
    const double seconds = thread_seconds() - start;
    TYPEFORMER_UNROLL
    for (int chain = 0; chain < chains; ++chain) benchmark::DoNotOptimize(sum[chain]);
    best = std::max(best, 2e-9 * chains * steps * static_cast<double>(pack::lanes) / seconds);
  }
  return best;
}

double peak() {
  static const double gflops = measure_peak();
  return gflops;
}

/// Reports the mean rate of `call`, and its best iteration.
template <class F> void measure(benchmark::State& state, index rows, index outputs, index inputs, F&& call) {
  const double work = 2e-9 * static_cast<double>(rows) * static_cast<double>(outputs) * static_cast<double>(inputs);
  double best = 1e30, total = 0;
  for (auto _ : state) {
    const double start = thread_seconds();
    call();
    benchmark::ClobberMemory();
    const double seconds = thread_seconds() - start;
    best = std::min(best, seconds);
    total += seconds;
  }
  const double weights = 4e-9 * static_cast<double>(outputs) * static_cast<double>(inputs);
  state.counters["GFLOPs"] = work * static_cast<double>(state.iterations()) / total;
  state.counters["best_GFLOPs"] = work / best;
  state.counters["peak_GFLOPs"] = peak();
  state.counters["percent_of_peak"] = 100 * work / best / peak();
  state.counters["weights_GBs"] = weights / best;
}

void packed(benchmark::State& state) {
  const index rows = state.range(0), outputs = state.range(1), inputs = state.range(2);
  const auto x = numbers(rows * inputs), matrix = numbers(outputs * inputs), bias = numbers(outputs);
  buffer panels(matrix.size() + static_cast<std::size_t>(kernels::panel_overread));
  buffer y(static_cast<std::size_t>(rows * outputs));
  kernels::pack_panels(row_major_view<const float>{matrix.data(), outputs, inputs}, panels.data());
  const panel_view<const float> w{panels.data(), outputs, inputs, kernels::native_panel_width};
  measure(state, rows, outputs, inputs, [&] {
    kernels::linear(rows, {x.data(), inputs}, w, bias.data(), rows_view<float>{y.data(), outputs}, inline_workers{});
  });
}

void row_major(benchmark::State& state) {
  const index rows = state.range(0), outputs = state.range(1), inputs = state.range(2);
  const auto x = numbers(rows * inputs), matrix = numbers(outputs * inputs);
  buffer y(static_cast<std::size_t>(rows * outputs));
  const row_major_view<const float> w{matrix.data(), outputs, inputs};
  measure(state, rows, outputs, inputs, [&] {
    kernels::linear(rows, {x.data(), inputs}, w, nullptr, rows_view<float>{y.data(), outputs}, inline_workers{});
  });
}

void pack(benchmark::State& state) {
  const index outputs = state.range(0), inputs = state.range(1);
  const auto matrix = numbers(outputs * inputs);
  buffer panels(matrix.size());
  for (auto _ : state) {
    kernels::pack_panels(row_major_view<const float>{matrix.data(), outputs, inputs}, panels.data());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * outputs * inputs * 8);
}

}  // namespace

BENCHMARK(packed)->ArgNames({"rows", "outputs", "inputs"})->Args({128, 768, 768})->Args({64, 2304, 768});
BENCHMARK(packed)->ArgNames({"rows", "outputs", "inputs"})->Args({64, 3072, 768})->Args({128, 768, 3072});
BENCHMARK(packed)->ArgNames({"rows", "outputs", "inputs"})->Args({9, 768, 768})->Args({1, 768, 768});
BENCHMARK(row_major)->ArgNames({"rows", "outputs", "inputs"})->Args({1, 50257, 768})->Args({64, 50257, 768});
BENCHMARK(row_major)->ArgNames({"rows", "outputs", "inputs"})->Args({4, 50257, 768})->Args({256, 50257, 768});
BENCHMARK(pack)->ArgNames({"outputs", "inputs"})->Args({768, 768})->Args({3072, 768});
