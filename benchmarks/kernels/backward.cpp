// SPDX-License-Identifier: BSL-1.0
// Kernels of training at the sizes of GPT-2 (width 768) and of a character model (width 128, 12 sequences of 64).
#include <cmath>

#include <support/multiply_add_peak.hpp>

#include <typeformer/kernels/attention_back.hpp>
#include <typeformer/kernels/linear_gradients.hpp>

namespace typeformer::benchmarks {
namespace {

double product(index rows, index outputs, index inputs) { return 2.0 * static_cast<double>(rows * outputs * inputs); }

struct linear_problem {
  index rows, outputs, inputs;
  buffer x = numbers(rows * inputs), w = numbers(outputs * inputs), y = numbers(rows * outputs), bias = numbers(outputs);

  explicit linear_problem(const benchmark::State& state)
      : rows{state.range(0)}, outputs{state.range(1)}, inputs{state.range(2)} {}
};

void forward(benchmark::State& state) {
  linear_problem p{state};
  measure(state, product(p.rows, p.outputs, p.inputs), [&] {
    kernels::linear(p.rows, {p.x.data(), p.inputs}, row_major_view<const float>{p.w.data(), p.outputs, p.inputs},
                    p.bias.data(), rows_view<float>{p.y.data(), p.outputs}, inline_workers{});
  });
}
void input_gradient(benchmark::State& state) {
  linear_problem p{state};
  measure(state, product(p.rows, p.outputs, p.inputs), [&] {
    kernels::linear_input_gradient(p.rows, {p.y.data(), p.outputs}, {p.w.data(), p.outputs, p.inputs},
                                   rows_view<float>{p.x.data(), p.inputs}, inline_workers{});
  });
}
void weight_gradient(benchmark::State& state) {
  linear_problem p{state};
  measure(state, product(p.rows, p.outputs, p.inputs), [&] {
    kernels::linear_weight_gradient(p.rows, {p.x.data(), p.inputs}, {p.y.data(), p.outputs},
                                    row_major_view<float>{p.w.data(), p.outputs, p.inputs}, p.bias.data(),
                                    inline_workers{});
  });
}

/// q, k, v are columns of one buffer, as they are in a layer; the multiply-adds of visible keys are counted.
struct attention_problem {
  index heads, head_width, queries, width = heads * head_width, key_head_stride = key_panels_size(queries, head_width);
  attention_extents extents{heads, heads, head_width, 1 / std::sqrt(static_cast<double>(head_width))};
  buffer row = numbers(queries * 3 * width), y = numbers(queries * width), dy = y, drow = row,
         log_sum_exp = numbers(queries * heads), panels = numbers(heads * key_head_stride);

  explicit attention_problem(const benchmark::State& state)
      : heads{state.range(0)}, head_width{state.range(1)}, queries{state.range(2)} {}
  attention_call<float> call() {
    return {queries, 0, queries, {row.data(), 3 * width}, panels.data(), key_head_stride,
            {row.data() + 2 * width, 3 * width}, nullptr, {y.data(), width}, {log_sum_exp.data(), heads}};
  }
  void store_keys() {
    kernels::store_keys<float>(queries, extents, {row.data() + width, 3 * width}, 0, panels.data(), key_head_stride,
                               inline_workers{});
  }
  double visible() const { return static_cast<double>(heads * head_width * queries * (queries + 1) / 2); }
};

void attention(benchmark::State& state) {
  attention_problem p{state};
  measure(state, 4 * p.visible(), [&] {
    p.store_keys();
    kernels::attention<causal_mask, float>(p.extents, p.call(), inline_workers{});
  });
}
void attention_back(benchmark::State& state) {
  attention_problem p{state};
  p.store_keys();
  kernels::attention<causal_mask, float>(p.extents, p.call(), inline_workers{});
  measure(state, 10 * p.visible(), [&] {
    const auto columns = [&](index first) { return rows_view<float>{p.drow.data() + first, 3 * p.width}; };
    kernels::attention_back<causal_mask, float>(p.extents, p.call(), {p.dy.data(), p.width}, columns(0),
                                                columns(p.width), columns(2 * p.width), inline_workers{});
  });
}

void linear_sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"rows", "outputs", "inputs"});
  for (const index rows : {512, 768}) benchmark->Args({rows, 768, 768})->Args({rows, 3072, 768})->Args({rows, 768, 3072});
  benchmark->Args({768, 384, 128})->Args({768, 128, 128})->Args({768, 512, 128})->Args({768, 128, 512})->Args({768, 65, 128});
}
void attention_sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"heads", "head_width", "queries"})->Args({12, 64, 512})->Args({12, 64, 1024})->Args({4, 32, 64})->Args({1, 64, 512});
}

BENCHMARK(forward)->Apply(linear_sizes);
BENCHMARK(input_gradient)->Apply(linear_sizes);
BENCHMARK(weight_gradient)->Apply(linear_sizes);
BENCHMARK(attention)->Apply(attention_sizes);
BENCHMARK(attention_back)->Apply(attention_sizes);

}  // namespace
}  // namespace typeformer::benchmarks
