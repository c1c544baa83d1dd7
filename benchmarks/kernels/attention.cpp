// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <new>
#include <random>
#include <vector>

#include <benchmark/benchmark.h>

#include <typeformer/kernels/attention.hpp>

namespace typeformer {
namespace {

/// The alignment of parameters and activations in a session.
template <class T> struct cache_line_allocator {
  using value_type = T;
  cache_line_allocator() = default;
  template <class U> cache_line_allocator(const cache_line_allocator<U>&) {}
  T* allocate(std::size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), std::align_val_t{64})); }
  void deallocate(T* p, std::size_t) { ::operator delete(p, std::align_val_t{64}); }
  bool operator==(const cache_line_allocator&) const { return true; }
};
using numbers = std::vector<float, cache_line_allocator<float>>;

numbers normal_numbers(index_type count) {
  std::mt19937 generator{1};
  std::normal_distribution<float> normal;
  numbers values(static_cast<std::size_t>(count));
  for (float& value : values) value = normal(generator);
  return values;
}

struct problem {
  attention_extents extents;
  index_type queries, keys, key_head_stride = key_panels_size(keys, extents.head_width);
  numbers q = normal_numbers(queries * extents.heads * extents.head_width),
          k = normal_numbers(keys * extents.kv_heads * extents.head_width),
          v = normal_numbers(keys * extents.kv_heads * extents.head_width),
          panels = numbers(static_cast<std::size_t>(extents.kv_heads * key_head_stride)), y = numbers(q.size());

  void store_keys() {
    kernels::store_keys<float>(keys, extents, {k.data(), extents.kv_heads * extents.head_width}, 0, panels.data(),
                               key_head_stride, inline_workers{});
  }
  template <class Mask> void attend() {
    const index_type width = extents.heads * extents.head_width, kv_width = extents.kv_heads * extents.head_width;
    kernels::attention<Mask, float>(extents,
                                    {queries,
                                     keys - queries,
                                     keys,
                                     {q.data(), width},
                                     panels.data(),
                                     key_head_stride,
                                     {v.data(), kv_width},
                                     nullptr,
                                     {y.data(), width},
                                     {}},
                                    inline_workers{});
  }
};

problem problem_of(const benchmark::State& state) {
  const index_type heads = state.range(0), head_width = state.range(1);
  return {{heads, heads, head_width, 1 / std::sqrt(static_cast<double>(head_width))}, state.range(2), state.range(3)};
}

/// Counts the multiply-adds of visible keys only.
template <class Mask> void attention(benchmark::State& state) {
  problem p = problem_of(state);
  p.store_keys();
  double visible = 0;
  for (index_type query = 0; query < p.queries; ++query) {
    const index_type position = p.keys - p.queries + query;
    visible += static_cast<double>(Mask::end_key(position, p.keys) - Mask::first_key(position, p.keys));
  }
  for (auto _ : state) {
    p.attend<Mask>();
    benchmark::DoNotOptimize(p.y.data());
    benchmark::ClobberMemory();
  }
  state.counters["flop/s"] =
      benchmark::Counter(4 * visible * static_cast<double>(p.extents.heads * p.extents.head_width),
                         benchmark::Counter::kIsIterationInvariantRate);
}

void store_keys(benchmark::State& state) {
  problem p = problem_of(state);
  for (auto _ : state) {
    p.store_keys();
    benchmark::DoNotOptimize(p.panels.data());
    benchmark::ClobberMemory();
  }
}

/// The most multiply-adds this machine does: ten independent chains.
void fma_peak(benchmark::State& state) {
  using pack = simd::pack<float>;
  constexpr int chains = 10, steps = 1000;
  pack sums[chains];
  for (int i = 0; i < chains; ++i) sums[i] = pack(static_cast<float>(i));
  float factor = 0.5f;
  benchmark::DoNotOptimize(factor);
  for (auto _ : state) {
    for (int step = 0; step < steps; ++step) {
      TYPEFORMER_UNROLL
      for (int i = 0; i < chains; ++i) sums[i] = fma(sums[i], pack(factor), pack(factor));
    }
    pack total(0.0f);
    for (const pack& one : sums) total = total + one;
    benchmark::DoNotOptimize(sum(total));
  }
  state.counters["flop/s"] = benchmark::Counter(2.0 * chains * steps * static_cast<double>(pack::lanes),
                                                benchmark::Counter::kIsIterationInvariantRate);
}

BENCHMARK(fma_peak);
// heads, head width, queries, keys
BENCHMARK_TEMPLATE(attention, causal_mask)
    ->Args({12, 64, 512, 512})
    ->Args({16, 64, 512, 512})
    ->Args({12, 64, 2048, 2048})
    ->Args({12, 64, 8192, 8192})
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_TEMPLATE(attention, full_mask)
    ->Args({12, 64, 512, 512})
    ->Args({12, 64, 2048, 2048})
    ->Args({12, 64, 8192, 8192})
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_TEMPLATE(attention, sliding_window_mask<128>)->Args({12, 64, 512, 512})->Unit(benchmark::kMicrosecond);
BENCHMARK_TEMPLATE(attention, causal_mask)->Args({8, 8, 1, 128})->Args({12, 64, 1, 128})->Args({12, 64, 1, 512});
BENCHMARK(store_keys)->Args({12, 64, 512, 512})->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace typeformer
