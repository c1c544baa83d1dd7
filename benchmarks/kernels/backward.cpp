// SPDX-License-Identifier: BSL-1.0
// Kernels of training at the sizes of GPT-2 (width 768) and of a character model (width 128, 12 sequences of 64).
#include <cmath>

#include <support/multiply_add_peak.hpp>

#include <typeformer/kernels/activation.hpp>
#include <typeformer/kernels/activation_back.hpp>
#include <typeformer/kernels/attention_back.hpp>
#include <typeformer/kernels/head_cross_entropy.hpp>
#include <typeformer/kernels/layer_norm.hpp>
#include <typeformer/kernels/layer_norm_back.hpp>
#include <typeformer/kernels/linear_gradients.hpp>

namespace typeformer::benchmarks {
namespace {

double product(index_type rows, index_type outputs, index_type inputs) {
  return 2.0 * static_cast<double>(rows * outputs * inputs);
}

struct linear_problem {
  index_type rows, outputs, inputs;
  buffer x = numbers(rows * inputs), w = numbers(outputs * inputs), y = numbers(rows * outputs),
         bias = numbers(outputs);

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
  index_type heads, head_width, queries, width = heads * head_width,
                                         key_head_stride = key_panels_size(queries, head_width);
  attention_extents extents{heads, heads, head_width, 1 / std::sqrt(static_cast<double>(head_width))};
  buffer row = numbers(queries * 3 * width), y = numbers(queries * width), dy = y, drow = row,
         log_sum_exp = numbers(queries * heads), panels = numbers(heads * key_head_stride);

  explicit attention_problem(const benchmark::State& state)
      : heads{state.range(0)}, head_width{state.range(1)}, queries{state.range(2)} {}
  attention_call<float> call() {
    return {queries,
            0,
            queries,
            {row.data(), 3 * width},
            panels.data(),
            key_head_stride,
            {row.data() + 2 * width, 3 * width},
            nullptr,
            {y.data(), width},
            {log_sum_exp.data(), heads}};
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
    const auto columns = [&](index_type first) { return rows_view<float>{p.drow.data() + first, 3 * p.width}; };
    kernels::attention_back<causal_mask, float>(p.extents, p.call(), {p.dy.data(), p.width}, columns(0),
                                                columns(p.width), columns(2 * p.width), inline_workers{});
  });
}

/// rows, vocabulary, width, rows of a chunk
void head(benchmark::State& state) {
  linear_problem p{state};
  const index_type chunk = state.range(3);
  buffer logits = numbers(chunk * p.outputs), gathered = numbers(2 * chunk * p.inputs), dh = p.x, dw = p.w;
  std::vector<std::int32_t> labels;
  for (index_type row = 0; row < p.rows; ++row) labels.push_back(static_cast<std::int32_t>(row * 37 % p.outputs));
  const head_scratch<float> scratch{chunk, logits.data(), gathered.data(), gathered.data() + chunk * p.inputs};
  measure(state, 3 * product(p.rows, p.outputs, p.inputs), [&] {
    benchmark::DoNotOptimize(kernels::head_cross_entropy_gradient<float>(
        p.rows, {p.x.data(), p.inputs}, {p.w.data(), p.outputs, p.inputs}, nullptr, {labels.data(), -100, 0, 1e-3f},
        scratch, {dh.data(), p.inputs}, {dw.data(), p.outputs, p.inputs}, nullptr, inline_workers{}));
  });
}

/// Elementwise kernels count one FLOP an element: their GFLOPs are elements a nanosecond.
void layer_norm(benchmark::State& state) {
  const index_type rows = state.range(0), width = state.range(1);
  buffer x = numbers(rows * width), y = x, weight = numbers(width), bias = weight, statistics = numbers(2 * rows);
  measure(state, static_cast<double>(rows * width), [&] {
    kernels::layer_norm<float>(rows, width, {x.data(), width}, weight.data(), bias.data(), 1e-5f, {y.data(), width},
                               statistics.data(), inline_workers{});
  });
}
void layer_norm_back(benchmark::State& state) {
  const index_type rows = state.range(0), width = state.range(1);
  buffer x = numbers(rows * width), dy = x, dx = x, weight = numbers(width), dweight = weight, dbias = weight,
         statistics = numbers(2 * rows);
  measure(state, static_cast<double>(rows * width), [&] {
    kernels::layer_norm_back<float>(rows, width, {x.data(), width}, statistics.data(), weight.data(),
                                    {dy.data(), width}, {dx.data(), width}, dweight.data(), dbias.data(),
                                    inline_workers{});
  });
}
void gelu(benchmark::State& state) {
  const index_type rows = state.range(0), width = state.range(1);
  buffer x = numbers(rows * width), y = x;
  measure(state, static_cast<double>(rows * width), [&] {
    kernels::activate<gelu_tanh, float>(rows, width, {x.data(), width}, {y.data(), width}, inline_workers{});
  });
}
void gelu_back(benchmark::State& state) {
  const index_type rows = state.range(0), width = state.range(1);
  buffer x = numbers(rows * width), dy = x, dx = x;
  measure(state, static_cast<double>(rows * width), [&] {
    kernels::activate_back<gelu_tanh, float>(rows, width, {x.data(), width}, {dy.data(), width}, {dx.data(), width},
                                             inline_workers{});
  });
}

void linear_sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"rows", "outputs", "inputs"});
  for (const index_type rows : {512, 768})
    benchmark->Args({rows, 768, 768})->Args({rows, 3072, 768})->Args({rows, 768, 3072});
  benchmark->Args({768, 384, 128})
      ->Args({768, 128, 128})
      ->Args({768, 512, 128})
      ->Args({768, 128, 512})
      ->Args({768, 65, 128});
}
void attention_sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"heads", "head_width", "queries"})
      ->Args({12, 64, 512})
      ->Args({12, 64, 1024})
      ->Args({4, 32, 64})
      ->Args({1, 64, 512});
}

BENCHMARK(forward)->Apply(linear_sizes);
BENCHMARK(input_gradient)->Apply(linear_sizes);
BENCHMARK(weight_gradient)->Apply(linear_sizes);
BENCHMARK(attention)->Apply(attention_sizes);
BENCHMARK(attention_back)->Apply(attention_sizes);
BENCHMARK(head)
    ->Args({768, 65, 128, 64})
    ->Args({768, 65, 128, 768})
    ->Args({512, 50257, 768, 64})
    ->Args({512, 50257, 768, 256});
BENCHMARK(layer_norm)->Args({768, 128})->Args({512, 768});
BENCHMARK(layer_norm_back)->Args({768, 128})->Args({512, 768});
BENCHMARK(gelu)->Args({768, 512});
BENCHMARK(gelu_back)->Args({768, 512});

}  // namespace
}  // namespace typeformer::benchmarks
