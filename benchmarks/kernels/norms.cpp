// SPDX-License-Identifier: BSL-1.0
#include <random>
#include <vector>

#include <benchmark/benchmark.h>

#include <typeformer/kernels/activation.hpp>
#include <typeformer/kernels/layer_norm.hpp>
#include <typeformer/kernels/rms_norm.hpp>
#include <typeformer/kernels/softmax.hpp>

namespace typeformer {
namespace {

struct problem {
  index_type rows, width;
  std::vector<float> x = std::vector<float>(static_cast<std::size_t>(rows * width)), y = x,
                     weight = std::vector<float>(static_cast<std::size_t>(width), 1.0f), bias = weight;

  explicit problem(const benchmark::State& state) : rows{state.range(0)}, width{state.range(1)} {
    std::mt19937 generator{1};
    std::normal_distribution<float> normal;
    for (float& value : x) value = normal(generator);
  }
  rows_view<const float> in() const { return {x.data(), width}; }
  rows_view<float> out() { return {y.data(), width}; }
};

template <class F> void measure(benchmark::State& state, F&& f) {
  problem p{state};
  for (auto _ : state) {
    f(p);
    benchmark::DoNotOptimize(p.y.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * p.rows * p.width);
}

void layer_norm(benchmark::State& state) {
  measure(state, [](problem& p) {
    kernels::layer_norm<float>(p.rows, p.width, p.in(), p.weight.data(), p.bias.data(), 1e-5f, p.out(), nullptr,
                               inline_workers{});
  });
}
void rms_norm(benchmark::State& state) {
  measure(state, [](problem& p) {
    kernels::rms_norm<float>(p.rows, p.width, p.in(), p.weight.data(), 1e-6f, p.out(), nullptr, inline_workers{});
  });
}
void softmax(benchmark::State& state) {
  measure(state, [](problem& p) { kernels::softmax<float>(p.rows, p.width, p.in(), p.out(), inline_workers{}); });
}
template <class A> void activate(benchmark::State& state) {
  measure(state, [](problem& p) { kernels::activate<A, float>(p.rows, p.width, p.in(), p.out(), inline_workers{}); });
}

BENCHMARK(layer_norm)->Args({1, 64})->Args({1, 768})->Args({64, 768});
BENCHMARK(rms_norm)->Args({1, 64})->Args({1, 768})->Args({64, 768});
BENCHMARK(softmax)->Args({1, 64})->Args({1, 50257})->Args({64, 512});
BENCHMARK_TEMPLATE(activate, gelu_tanh)->Args({1, 3072})->Args({64, 3072});
BENCHMARK_TEMPLATE(activate, gelu_erf)->Args({1, 3072});
BENCHMARK_TEMPLATE(activate, silu)->Args({1, 3072});

}  // namespace
}  // namespace typeformer
