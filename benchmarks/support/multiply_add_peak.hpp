// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <ctime>
#include <new>
#include <vector>

#include <benchmark/benchmark.h>

#include <typeformer/simd/pack.hpp>

/// Rates of kernels on one thread as a share of the multiply-add peak measured in the same run.
namespace typeformer::benchmarks {

/// Parameters and activations of a session start at cache lines.
template <class T> struct cache_line_allocator {
  using value_type = T;
  T* allocate(std::size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), std::align_val_t{64})); }
  void deallocate(T* p, std::size_t) { ::operator delete(p, std::align_val_t{64}); }
  bool operator==(const cache_line_allocator&) const = default;
};
using buffer = std::vector<float, cache_line_allocator<float>>;

inline buffer numbers(index_type n) {
  buffer v(static_cast<std::size_t>(n));
  unsigned state = 1;
  for (float& x : v) {
    state = state * 1664525u + 1013904223u;
    x = static_cast<float>(state >> 8) / 16777216.0f - 0.5f;
  }
  return v;
}

/// Processor time of this thread: a busy machine takes turns away, not speed.
inline double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// GFLOP/s of independent multiply-adds that never leave the registers: the best of many short runs.
inline double measure_peak() {
  using pack = simd::pack<float>;
  constexpr int chains = 12, steps = 20000;
  float factor = 0.999f, addend = 1e-6f;
  benchmark::DoNotOptimize(factor);
  benchmark::DoNotOptimize(addend);
  double best = 0;
  for (int run = 0; run < 200; ++run) {
    pack sums[chains];
    TYPEFORMER_UNROLL
    for (int chain = 0; chain < chains; ++chain) sums[chain] = pack(static_cast<float>(chain));
    const double start = thread_seconds();
    for (int step = 0; step < steps; ++step) {
      TYPEFORMER_UNROLL
      for (int chain = 0; chain < chains; ++chain) sums[chain] = fma(sums[chain], pack(factor), pack(addend));
    }
    pack total(0.0f);
    TYPEFORMER_UNROLL
    for (int chain = 0; chain < chains; ++chain) total = total + sums[chain];
    benchmark::DoNotOptimize(sum(total));
    const double seconds = thread_seconds() - start;
    best = std::max(best, 2e-9 * chains * steps * static_cast<double>(pack::lanes) / seconds);
  }
  return best;
}

inline double peak() {
  static const double gflops = measure_peak();
  return gflops;
}

/// Reports the mean rate of `call`, its best iteration, and that one's share of the peak; `flops` is what it computes.
template <class F> void measure(benchmark::State& state, double flops, F&& call) {
  double best = 1e30, total = 0;
  for (auto _ : state) {
    const double start = thread_seconds();
    call();
    benchmark::ClobberMemory();
    const double seconds = thread_seconds() - start;
    best = std::min(best, seconds);
    total += seconds;
  }
  state.counters["GFLOPs"] = 1e-9 * flops * static_cast<double>(state.iterations()) / total;
  state.counters["best_GFLOPs"] = 1e-9 * flops / best;
  state.counters["percent_of_peak"] = 100e-9 * flops / best / peak();
}

}  // namespace typeformer::benchmarks
