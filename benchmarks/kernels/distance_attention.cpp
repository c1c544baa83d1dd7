// SPDX-License-Identifier: BSL-1.0
// Attentions that know distances, beside the plain causal one of the same shape, on one thread, as a share of the
// multiply-add peak measured in the same run; and what the scalar loops of the reference take.
#include <cmath>

#include <support/multiply_add_peak.hpp>

#include <typeformer/kernels/attention.hpp>
#include <typeformer/kernels/relative_attention_back.hpp>
#include <typeformer/kernels/shaw_attention_back.hpp>

namespace typeformer {
namespace {

using benchmarks::buffer, benchmarks::numbers;

/// Queries, keys and values side by side in a row, of as many queries as keys.
struct sequence {
  index_type heads, width, tokens, all = heads * width;
  attention_extents extents{heads, heads, width, 1 / std::sqrt(double(width))};
  buffer row = numbers(tokens * 3 * all), vectors = numbers(std::max(tokens, index_type{64}) * all),
         bias = numbers(all), dy = numbers(tokens * all), y = buffer(dy.size()), drow = buffer(row.size()),
         dvectors = buffer(vectors.size()), dbias = buffer(2 * bias.size()),
         log_sum_exp = buffer(std::size_t(tokens * heads));

  explicit sequence(const benchmark::State& state)
      : heads{state.range(0)}, width{state.range(1)}, tokens{state.range(2)} {}

  rows_view<const float> part(index_type which) const { return {row.data() + which * all, 3 * all}; }
  rows_view<float> gradient(index_type which) { return {drow.data() + which * all, 3 * all}; }
  double pairs() const { return double(tokens) * double(tokens + 1) / 2 * double(all); }
};

void causal(benchmark::State& state) {
  sequence s{state};
  const index_type stride = key_panels_size(s.tokens, s.width);
  buffer panels(std::size_t(s.heads * stride));
  benchmarks::measure(state, 4 * s.pairs(), [&] {
    kernels::store_keys<float>(s.tokens, s.extents, s.part(1), 0, panels.data(), stride, inline_workers{});
    kernels::attention<causal_mask, float>(
        s.extents,
        {s.tokens, 0, s.tokens, s.part(0), panels.data(), stride, s.part(2), nullptr, {s.y.data(), s.all}, {}},
        inline_workers{});
  });
}

relative_attention_call<float> relative_call(sequence& s) {
  return {s.tokens,
          0,
          s.part(0),
          s.part(1),
          s.part(2),
          {s.vectors.data(), s.all},
          s.bias.data(),
          s.bias.data(),
          nullptr,
          {s.y.data(), s.all},
          {s.log_sum_exp.data(), s.heads}};
}
void transformer_xl(benchmark::State& state) {
  sequence s{state};
  buffer scratch(std::size_t(relative_attention_scratch(s.heads, s.width, s.tokens)));
  benchmarks::measure(state, 6 * s.pairs(), [&] {
    kernels::relative_attention<float>(s.extents, relative_call(s), scratch.data(), inline_workers{});
  });
}
void transformer_xl_back(benchmark::State& state) {
  sequence s{state};
  buffer scratch(std::size_t(relative_attention_scratch(s.heads, s.width, s.tokens)));
  kernels::relative_attention<float>(s.extents, relative_call(s), scratch.data(), inline_workers{});
  benchmarks::measure(state, 16 * s.pairs(), [&] {
    kernels::relative_attention_back<float>(s.extents, relative_call(s), {s.dy.data(), s.all},
                                            {s.gradient(0),
                                             s.gradient(1),
                                             s.gradient(2),
                                             {s.dvectors.data(), s.all},
                                             s.dbias.data(),
                                             s.dbias.data() + s.all},
                                            scratch.data(), inline_workers{});
  });
}

constexpr index_type reach = 16;
shaw_attention_call<float> shaw_call(sequence& s) {
  const rows_view<const float> vectors{s.vectors.data(), s.width};
  return {s.tokens,
          0,
          reach,
          s.part(0),
          s.part(1),
          s.part(2),
          vectors,
          vectors,
          nullptr,
          {s.y.data(), s.all},
          {s.log_sum_exp.data(), s.heads}};
}
double with_distances(const sequence& s) { return s.pairs() + double(s.tokens) * (2 * reach + 1) * double(s.all); }
void shaw(benchmark::State& state) {
  sequence s{state};
  buffer scratch(std::size_t(shaw_attention_scratch(s.heads, s.width, reach, s.tokens)));
  benchmarks::measure(state, 4 * with_distances(s), [&] {
    kernels::shaw_attention<causal_mask, float>(s.extents, shaw_call(s), scratch.data(), inline_workers{});
  });
}
void shaw_scalar(benchmark::State& state) {
  sequence s{state};
  benchmarks::measure(state, 4 * with_distances(s),
                      [&] { reference::shaw_attention<causal_mask, float>(s.extents, shaw_call(s)); });
}
void shaw_back(benchmark::State& state) {
  sequence s{state};
  buffer scratch(std::size_t(shaw_attention_scratch(s.heads, s.width, reach, s.tokens)));
  kernels::shaw_attention<causal_mask, float>(s.extents, shaw_call(s), scratch.data(), inline_workers{});
  const index_type half = index_type(s.dvectors.size()) / 2;
  benchmarks::measure(state, 10 * with_distances(s), [&] {
    kernels::shaw_attention_back<causal_mask, float>(s.extents, shaw_call(s), {s.dy.data(), s.all},
                                                     {s.gradient(0),
                                                      s.gradient(1),
                                                      s.gradient(2),
                                                      {s.dvectors.data(), s.width},
                                                      {s.dvectors.data() + half, s.width}},
                                                     scratch.data(), inline_workers{});
  });
}

void shapes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"heads", "width", "tokens"})->Args({12, 64, 512})->Args({8, 64, 64})->Unit(benchmark::kMicrosecond);
}

BENCHMARK(causal)->Apply(shapes);
BENCHMARK(transformer_xl)->Apply(shapes);
BENCHMARK(transformer_xl_back)->Apply(shapes);
BENCHMARK(shaw)->Apply(shapes);
BENCHMARK(shaw_scalar)->Apply(shapes);
BENCHMARK(shaw_back)->Apply(shapes);

}  // namespace
}  // namespace typeformer
