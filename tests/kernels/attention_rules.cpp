// SPDX-License-Identifier: BSL-1.0
#include <cmath>

#include <support/gradient_cases.hpp>
#include <typeformer/kernels/attention_back.hpp>

namespace typeformer {
namespace {

using namespace testing;

/// One sequence under a rule, in double: outputs, gradients, and the loss whose gradient they are.
template <class Mask> struct exact_attention {
  attention_extents extents;
  index_type queries, past, keys;
  score_rule<double> rule;
  std::vector<double> q, k, v, dy, bias, dbias, panels, y, log_sum_exp, dq, dk, dv;

  exact_attention(attention_extents e, index_type queries_, index_type past_, index_type keys_, score_rule<double> r,
                  bool biased)
      : extents{e}, queries{queries_}, past{past_}, keys{keys_}, rule{r} {
    const index_type width = e.heads * e.head_width, kv_width = e.kv_heads * e.head_width;
    q = in_double(normal_numbers<float>(queries * width, 1));
    k = in_double(normal_numbers<float>(keys * kv_width, 2));
    v = in_double(normal_numbers<float>(keys * kv_width, 3));
    dy = in_double(normal_numbers<float>(queries * width, 4));
    rule.bias_zero = past + queries;
    rule.bias_stride = rule.bias_zero + keys + key_block;
    if (biased) bias = in_double(normal_numbers<float>(e.heads * rule.bias_stride, 5));
    dbias.resize(bias.size());
    panels.resize(static_cast<std::size_t>(e.kv_heads * key_panels_size(keys, e.head_width)));
    y.resize(q.size());
    log_sum_exp.resize(static_cast<std::size_t>(queries * e.heads));
    dq.resize(q.size());
    dk.resize(k.size());
    dv.resize(v.size());
  }
  attention_call<double> call() {
    const index_type width = extents.heads * extents.head_width, kv_width = extents.kv_heads * extents.head_width;
    rule.bias = bias.empty() ? nullptr : bias.data();
    rule.dbias = bias.empty() ? nullptr : dbias.data();
    reference::store_keys<double>(keys, extents, rows_of(k, kv_width), 0, panels.data(),
                                  key_panels_size(keys, extents.head_width));
    return {queries,
            past,
            keys,
            rows_of(q, width),
            panels.data(),
            key_panels_size(keys, extents.head_width),
            rows_of(v, kv_width),
            nullptr,
            rows_of(y, width),
            rows_of(log_sum_exp, extents.heads),
            &rule};
  }
  double loss() {
    reference::attention<Mask, double>(extents, call());
    double sum = 0;
    for (std::size_t i = 0; i < y.size(); ++i) sum += y[i] * dy[i];
    return sum;
  }
  void back() {
    const index_type width = extents.heads * extents.head_width, kv_width = extents.kv_heads * extents.head_width;
    loss();
    reference::attention_back<Mask, double>(extents, call(), rows_of(dy, width), rows_of(dq, width),
                                            rows_of(dk, kv_width), rows_of(dv, kv_width));
  }
};

template <class Mask> void check_derivatives(exact_attention<Mask> at) {
  at.back();
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
  const auto dq = at.dq, dk = at.dk, dv = at.dv, dbias = at.dbias;
  check(at.q, dq);
  check(at.k, dk);
  check(at.v, dv);
  check(at.bias, dbias);
}

template <class Mask> void check_kernels(exact_attention<Mask> at) {
  at.back();
  const attention_extents& e = at.extents;
  const index_type width = e.heads * e.head_width, kv_width = e.kv_heads * e.head_width;
  const auto single = [](const std::vector<double>& values) {
    return std::vector<float>(values.begin(), values.end());
  };
  const auto q = single(at.q), k = single(at.k), v = single(at.v), dy = single(at.dy), bias = single(at.bias);
  std::vector<float> panels(at.panels.size()), y(q.size()), log_sum_exp(at.log_sum_exp.size()), dq(q.size()),
      dk(k.size()), dv(v.size()), dbias(bias.size());
  score_rule<float> rule{at.rule.window,
                         at.rule.prefix,
                         static_cast<float>(at.rule.soft_cap),
                         bias.empty() ? nullptr : bias.data(),
                         at.rule.bias_stride,
                         at.rule.bias_zero,
                         bias.empty() ? nullptr : dbias.data(),
                         at.rule.window_ahead,
                         at.rule.chunk,
                         at.rule.chunk_from};
  const index_type stride = key_panels_size(at.keys, e.head_width);
  kernels::store_keys<float>(at.keys, e, rows_of(k, kv_width), 0, panels.data(), stride, inline_workers{});
  const attention_call<float> call{at.queries,
                                   at.past,
                                   at.keys,
                                   rows_of(q, width),
                                   panels.data(),
                                   stride,
                                   rows_of(v, kv_width),
                                   nullptr,
                                   rows_of(y, width),
                                   rows_of(log_sum_exp, e.heads),
                                   &rule};
  kernels::attention<Mask, float>(e, call, reversed_workers{});
  check_agrees(y, at.y);
  check_agrees(log_sum_exp, at.log_sum_exp);
  kernels::attention_back<Mask, float>(e, call, rows_of(dy, width), rows_of(dq, width), rows_of(dk, kv_width),
                                       rows_of(dv, kv_width), reversed_workers{});
  check_agrees(dq, at.dq);
  check_agrees(dk, at.dk);
  check_agrees(dv, at.dv);
  if (!bias.empty()) check_agrees(dbias, at.dbias);
}

using causal_rule = with_rule<causal_mask>;
using full_rule = with_rule<full_mask>;

TEST_CASE("matches finite differences: gradients of attention under every rule") {
  const attention_extents extents{2, 1, 3, 0.6};
  check_derivatives(exact_attention<causal_rule>{extents, 5, 2, 7, {.window = 3}, false});
  check_derivatives(exact_attention<causal_rule>{extents, 5, 0, 5, {.prefix = 3}, true});
  check_derivatives(exact_attention<full_rule>{extents, 4, 0, 6, {}, true});
  check_derivatives(exact_attention<causal_rule>{extents, 4, 1, 5, {.window = 4, .soft_cap = 0.8}, true});
  check_derivatives(exact_attention<full_rule>{extents, 7, 0, 7, {.chunk = 3}, true});
  check_derivatives(exact_attention<causal_rule>{extents, 5, 2, 7, {.window = 2, .chunk = 3, .chunk_from = 1}, false});
}

TEST_CASE("matches the reference in double: attention under every rule") {
  for (const index_type head_width : {6, 16, 80})
    for (const index_type queries : {1, 8, 41})
      for (const index_type past : {0, 60}) {
        const attention_extents extents{4, 2, head_width, 1 / std::sqrt(double(head_width))};
        const index_type keys = past + queries;
        check_kernels(exact_attention<causal_rule>{extents, queries, past, keys, {.window = 20}, false});
        check_kernels(exact_attention<causal_rule>{extents, queries, past, keys, {.prefix = keys / 2}, true});
        check_kernels(exact_attention<causal_rule>{extents, queries, past, keys, {.window = 9, .soft_cap = 2}, true});
        check_kernels(exact_attention<full_rule>{extents, queries, 0, keys, {}, true});
        check_kernels(exact_attention<full_rule>{extents, queries, 0, queries, {.chunk = 5}, false});
        check_kernels(exact_attention<causal_rule>{extents, queries, past, keys, {.chunk = 19, .chunk_from = 4}, true});
      }
}

TEST_CASE("limits a window of one key to the query itself, and hides no key before a prefix") {
  exact_attention<causal_rule> alone{{1, 1, 2, 1.0}, 3, 0, 3, {.window = 1}, false};
  alone.loss();
  CHECK(alone.y == alone.v);
  exact_attention<causal_rule> open{{1, 1, 2, 1.0}, 3, 0, 3, {.prefix = 3}, false};
  exact_attention<full_rule> full{{1, 1, 2, 1.0}, 3, 0, 3, {}, false};
  open.loss();
  full.loss();
  CHECK(open.y == full.y);
}

TEST_CASE("keeps chunks apart, of which the first begins with the text") {
  // Keys 0 and 1 are before the text: the chunks are {2, 3, 4} and {5, 6}.
  const score_rule<double> rule{.chunk = 3, .chunk_from = 2};
  exact_attention<full_rule> whole{{1, 1, 2, 1.0}, 7, 0, 7, rule, false};
  whole.loss();
  exact_attention<full_rule> second = whole;
  for (std::size_t i = 0; i < 10; ++i) second.k[i] = second.v[i] = 9;  // of the keys before the second chunk
  second.loss();
  CHECK(std::equal(whole.y.begin() + 10, whole.y.end(), second.y.begin() + 10));
  CHECK(whole.y[4] != second.y[4]);
}

}  // namespace
}  // namespace typeformer
