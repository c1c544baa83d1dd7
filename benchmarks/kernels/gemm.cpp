// SPDX-License-Identifier: BSL-1.0
// Products of the sizes GPT-2 runs, on one thread, as a share of the multiply-add peak measured in the same run.
#include <support/multiply_add_peak.hpp>

#include <typeformer/kernels/linear.hpp>
#include <typeformer/kernels/pack_panels.hpp>

namespace {

using typeformer::index_type;
using typeformer::inline_workers;
using typeformer::panel_view;
using typeformer::row_major_view;
using typeformer::rows_view;
namespace benchmarks = typeformer::benchmarks;
namespace kernels = typeformer::kernels;
using benchmarks::buffer;
using benchmarks::numbers;

/// Reports the rate of `call` and how fast it goes through the weights.
template <class F>
void measure(benchmark::State& state, index_type rows, index_type outputs, index_type inputs, F&& call) {
  const double weights = static_cast<double>(outputs) * static_cast<double>(inputs);
  const double work = 2 * static_cast<double>(rows) * weights;
  benchmarks::measure(state, work, call);
  state.counters["peak_GFLOPs"] = benchmarks::peak();
  state.counters["weights_GBs"] = static_cast<double>(state.counters["best_GFLOPs"]) * 4 * weights / work;
}

void packed(benchmark::State& state) {
  const index_type rows = state.range(0), outputs = state.range(1), inputs = state.range(2);
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
  const index_type rows = state.range(0), outputs = state.range(1), inputs = state.range(2);
  const auto x = numbers(rows * inputs), matrix = numbers(outputs * inputs);
  buffer y(static_cast<std::size_t>(rows * outputs));
  const row_major_view<const float> w{matrix.data(), outputs, inputs};
  measure(state, rows, outputs, inputs, [&] {
    kernels::linear(rows, {x.data(), inputs}, w, nullptr, rows_view<float>{y.data(), outputs}, inline_workers{});
  });
}

void pack(benchmark::State& state) {
  const index_type outputs = state.range(0), inputs = state.range(1);
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
