// SPDX-License-Identifier: BSL-1.0
#include <cmath>

#include <support/gradient_cases.hpp>
#include <typeformer/kernels/attention_back.hpp>
#include <typeformer/kernels/attention_dropout.hpp>

namespace typeformer {
namespace {

using namespace testing;

constexpr probability_dropout dropout_at(double rate) {
  return {{11, 12}, 13, 14, 15, 16, static_cast<std::uint32_t>(rate * 4294967296.0), 1 / (1 - rate)};
}

/// One sequence that drops probabilities: operands, outputs and gradients, and the loss whose gradients they are.
template <class Mask, class S> struct dropping_case {
  attention_extents extents;
  index_type queries, past, keys;
  double rate;
  std::vector<std::uint8_t> valid;  // empty: all
  score_rule<S> rule{};
  std::vector<S> q{}, k{}, v{}, dy{}, panels{}, y{}, log_sum_exp{}, dq{}, dk{}, dv{};

  void fill() {
    const index_type width = extents.heads * extents.head_width, kv_width = extents.kv_heads * extents.head_width;
    const auto numbers = [](index_type count, unsigned seed) {
      const auto single = normal_numbers<float>(count, seed);
      return std::vector<S>(single.begin(), single.end());
    };
    q = numbers(queries * width, 1);
    k = numbers(keys * kv_width, 2);
    v = numbers(keys * kv_width, 3);
    dy = numbers(queries * width, 4);
    panels.resize(static_cast<std::size_t>(extents.kv_heads * key_panels_size(keys, extents.head_width)));
    log_sum_exp.resize(static_cast<std::size_t>(queries * extents.heads));
    y.resize(q.size());
    dq.resize(q.size());
    dk.resize(k.size());
    dv.resize(v.size());
  }
  dropping_attention_call<S> call() {
    const index_type width = extents.heads * extents.head_width, kv_width = extents.kv_heads * extents.head_width;
    const index_type stride = key_panels_size(keys, extents.head_width);
    reference::store_keys<S>(keys, extents, rows_of(k, kv_width), 0, panels.data(), stride);
    return {{queries, past, keys, rows_of(q, width), panels.data(), stride, rows_of(v, kv_width),
             valid.empty() ? nullptr : valid.data(), rows_of(y, width), rows_of(log_sum_exp, extents.heads), &rule},
            dropout_at(rate)};
  }
  S loss() {
    reference::attention<Mask, S>(extents, call());
    S sum{0};
    for (std::size_t i = 0; i < y.size(); ++i) sum += y[i] * dy[i];
    return sum;
  }
  template <class Back> void back(Back attention_back) {
    const index_type width = extents.heads * extents.head_width, kv_width = extents.kv_heads * extents.head_width;
    attention_back(call(), rows_of(std::as_const(dy), width), rows_of(dq, width), rows_of(dk, kv_width),
                   rows_of(dv, kv_width));
  }
};

template <class Mask>
dropping_case<Mask, double> exact(attention_extents extents, index_type queries, index_type past, double rate,
                                  std::vector<std::uint8_t> valid = {}, score_rule<double> rule = {}) {
  dropping_case<Mask, double> at{extents, queries, past, past + queries, rate, std::move(valid), rule};
  at.fill();
  at.loss();
  at.back([&](auto... arguments) { reference::attention_back<Mask, double>(extents, arguments...); });
  return at;
}

template <class Mask> void check_derivatives(dropping_case<Mask, double> at) {
  const auto check = [&](std::vector<double>& values, const std::vector<double>& gradients) {
    double worst = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double value = values[i], step = 1e-5;
      values[i] = value + step;
      const double above = at.loss();
      values[i] = value - step;
      const double below = at.loss();
      values[i] = value;
      worst = std::max(worst, std::abs((above - below) / (2 * step) - gradients[i]));
    }
    CHECK(worst < 1e-8);
  };
  const auto dq = at.dq, dk = at.dk, dv = at.dv;
  check(at.q, dq);
  check(at.k, dk);
  check(at.v, dv);
}

template <class Mask> void check_kernels(const dropping_case<Mask, double>& expected) {
  const attention_extents extents = expected.extents;
  dropping_case<Mask, float> at{
      extents,
      expected.queries,
      expected.past,
      expected.keys,
      expected.rate,
      expected.valid,
      {expected.rule.window, expected.rule.prefix, static_cast<float>(expected.rule.soft_cap)}};
  at.fill();
  kernels::attention<Mask, float>(extents, at.call(), reversed_workers{});
  check_agrees(at.y, expected.y);
  check_agrees(at.log_sum_exp, expected.log_sum_exp);
  at.back([&](auto... arguments) { kernels::attention_back<Mask, float>(extents, arguments..., reversed_workers{}); });
  check_agrees(at.dq, expected.dq);
  check_agrees(at.dk, expected.dk);
  check_agrees(at.dv, expected.dv);
}

using dropping_causal = with_dropout<causal_mask>;
using dropping_full = with_dropout<full_mask>;
using dropping_ruled = with_dropout<with_rule<causal_mask>>;

TEST_CASE("matches finite differences: gradients of attention with dropout") {
  const attention_extents extents{2, 1, 3, 0.6};
  check_derivatives(exact<dropping_full>(extents, 5, 0, 0.25));
  check_derivatives(exact<dropping_causal>(extents, 5, 2, 0.5));
  check_derivatives(exact<dropping_full>(extents, 6, 0, 0.25, {1, 0, 1, 1, 0, 1}));
  check_derivatives(exact<dropping_ruled>(extents, 6, 1, 0.25, {}, {.window = 4, .soft_cap = 0.8}));
}

TEST_CASE("matches the reference in double: attention with dropout") {
  for (const index_type head_width : {6, 16, 80, 144})
    for (const index_type queries : {1, 8, 41, 130}) {
      INFO("head width " << head_width << ", " << queries << " queries");
      const attention_extents extents{4, 2, head_width, 1 / std::sqrt(double(head_width))};
      std::vector<std::uint8_t> valid(static_cast<std::size_t>(queries), 1);
      for (std::size_t i = 0; i < valid.size(); i += 3) valid[i] = queries == 1;
      check_kernels(exact<dropping_full>(extents, queries, 0, 0.1));
      check_kernels(exact<dropping_causal>(extents, queries, 0, 0.5));
      check_kernels(exact<dropping_causal>(extents, queries, 60, 0.25));
      check_kernels(exact<dropping_full>(extents, queries, 0, 0.25, valid));
      check_kernels(exact<dropping_ruled>(extents, queries, 0, 0.25, {}, {.window = 20, .soft_cap = 2}));
    }
}

TEST_CASE("scales kept probabilities and zeroes dropped ones, as computed by hand") {
  constexpr index_type tokens = 9, heads = 2, width = 3;
  const auto at = exact<dropping_full>({heads, heads, width, 0.7}, tokens, 0, 0.25);
  const probability_dropout dropout = dropout_at(0.25);
  for (index_type head = 0; head < heads; ++head)
    for (index_type query = 0; query < tokens; ++query) {
      double weights[tokens], sum = 0, y[width] = {};
      for (index_type key = 0; key < tokens; ++key) {
        double score = 0;
        for (index_type c = 0; c < width; ++c)
          score += at.q[std::size_t((query * heads + head) * width + c)] *
                   at.k[std::size_t((key * heads + head) * width + c)];
        sum += weights[key] = std::exp(0.7 * score);
      }
      for (index_type key = 0; key < tokens; ++key)
        for (index_type c = 0; c < width; ++c)
          y[c] += weights[key] / sum * dropout.factor(head, query, key) *
                  at.v[std::size_t((key * heads + head) * width + c)];
      for (index_type c = 0; c < width; ++c)
        CHECK(at.y[std::size_t((query * heads + head) * width + c)] == Approx(y[c]).margin(1e-14));
    }
}

TEST_CASE("draws different random numbers at every place") {
  const probability_dropout dropout = dropout_at(0.25);
  constexpr index_type heads = 4, queries = 64, keys = 256;
  double dropped = 0;
  bool factors_right = true;
  index_type same_as_next_head = 0, same_as_next_query = 0, same_as_next_key = 0, same_elsewhere = 0,
             same_next_step = 0;
  probability_dropout elsewhere = dropout, next_step = dropout;
  ++elsewhere.place;
  ++next_step.step_low;
  for (index_type head = 0; head < heads; ++head)
    for (index_type query = 0; query < queries; ++query)
      for (index_type key = 0; key < keys; ++key) {
        const double factor = dropout.factor(head, query, key);
        factors_right = factors_right && (factor == 0 || factor == 1 / (1 - 0.25));
        dropped += factor == 0;
        same_as_next_head += factor == dropout.factor(head + 1, query, key);
        same_as_next_query += factor == dropout.factor(head, query + 1, key);
        same_as_next_key += factor == dropout.factor(head, query, key + 1);
        same_elsewhere += factor == elsewhere.factor(head, query, key);
        same_next_step += factor == next_step.factor(head, query, key);
      }
  constexpr double count = heads * queries * keys;
  CHECK(factors_right);
  CHECK(std::abs(dropped / count - 0.25) < 4 * std::sqrt(0.25 * 0.75 / count));
  // Independent neighbors agree with probability 0.25² + 0.75² = 0.625.
  for (const index_type same :
       {same_as_next_head, same_as_next_query, same_as_next_key, same_elsewhere, same_next_step})
    CHECK(std::abs(double(same) / count - 0.625) < 6 * std::sqrt(0.625 * 0.375 / count));
}

}  // namespace
}  // namespace typeformer
