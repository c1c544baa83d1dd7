// SPDX-License-Identifier: BSL-1.0
// One step over 10 million parameters on one thread, beside a plain copy of the same array: GB/s that must be moved.
#include <array>
#include <vector>

#include <benchmark/benchmark.h>

#include <typeformer/optimizers/adafactor.hpp>
#include <typeformer/optimizers/adamw.hpp>
#include <typeformer/optimizers/clip_gradients.hpp>
#include <typeformer/optimizers/lamb.hpp>
#include <typeformer/optimizers/lion.hpp>
#include <typeformer/optimizers/sgd_with_momentum.hpp>

namespace {

using typeformer::index_type;

constexpr index_type rows = 2500, columns = 4000, count = rows * columns;

std::vector<float> numbers(unsigned state) {
  std::vector<float> v(static_cast<std::size_t>(count));
  for (float& x : v) {
    state = state * 1664525u + 1013904223u;
    x = static_cast<float>(state >> 8) / 16777216.0f - 0.5f;
  }
  return v;
}

/// Every array is read, and all but the gradient are written.
template <class O> void step(benchmark::State& state) {
  auto values = numbers(1);
  const auto gradient = numbers(2);
  std::array<std::vector<float>, static_cast<std::size_t>(O::state_arrays)> arrays;
  const std::array<index_type, 2> shape{rows, columns};
  std::vector<float> compact(static_cast<std::size_t>(typeformer::compact_state_size<O>(shape)));
  typeformer::tensor_update<float, O::state_arrays> tensor{.values = values.data(),
                                                           .gradient = gradient.data(),
                                                           .state = {},
                                                           .shape = shape,
                                                           .compact_state = compact.data()};
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    arrays[i].resize(values.size());
    tensor.state[i] = arrays[i].data();
  }
  typeformer::step_context context{.step = 0, .learning_rate = 1e-4};
  for (auto _ : state) {
    ++context.step;
    O{}.update(tensor, context);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * count);
  state.SetBytesProcessed(state.iterations() * count * 4 * (3 + 2 * O::state_arrays));
}

void clip(benchmark::State& state) {
  auto gradient = numbers(2);
  for (auto _ : state) benchmark::DoNotOptimize(typeformer::clip_gradients<float>(gradient, 1e9));
  state.SetBytesProcessed(state.iterations() * count * 4);
}

void copy(benchmark::State& state) {
  const auto from = numbers(1);
  auto to = numbers(2);
  for (auto _ : state) {
    for (std::size_t i = 0; i < from.size(); ++i) to[i] = from[i];
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * count * 8);
}

}  // namespace

BENCHMARK(step<typeformer::adamw>)->Name("adamw");
BENCHMARK(step<typeformer::adamw_amsgrad>)->Name("adamw_amsgrad");
BENCHMARK(step<typeformer::sgd_with_momentum>)->Name("sgd_with_momentum");
BENCHMARK(step<typeformer::lion>)->Name("lion");
BENCHMARK(step<typeformer::lamb>)->Name("lamb");
BENCHMARK(step<typeformer::adafactor>)->Name("adafactor");
BENCHMARK(clip);
BENCHMARK(copy);
