// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <typeformer/execution/call.hpp>
#include <typeformer/execution/self_attention.hpp>
#include <typeformer/hosted/robustness/interval.hpp>
#include <typeformer/layers/attention_operations.hpp>
#include <typeformer/reference/attention.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer::detail {

/// The probabilities of scores: each is least where its own score is least and all others are largest.
inline std::vector<interval> softmax_bounds(const std::vector<interval>& scores) {
  double largest = scores[0].upper;
  for (const interval& score : scores) largest = (std::max)(largest, score.upper);
  double lowest_sum = 0, highest_sum = 0;
  for (const interval& score : scores) {
    lowest_sum += std::exp(score.lower - largest);
    highest_sum += std::exp(score.upper - largest);
  }
  std::vector<interval> bounds;
  for (const interval& score : scores) {
    const double low = std::exp(score.lower - largest), high = std::exp(score.upper - largest);
    const double others_low = (std::max)(0.0, lowest_sum - low), others_high = (std::max)(0.0, highest_sum - high);
    constexpr double slack = 0x1p-40;  // of the differences of sums
    const double above_0 = low + others_high, above_1 = high + others_low;
    bounds.push_back({(std::max)(0.0, (above_0 > 0 ? low / above_0 : 0) - slack),
                      (std::min)(1.0, (above_1 > 0 ? high / above_1 : 1) + slack)});
  }
  return bounds;
}

/// The largest Σ p v for probabilities in these bounds that sum to 1: all have their least, and what is left goes to the
/// largest values first.
template <class ValueAt>
double largest_mean(const std::vector<interval>& p, std::vector<std::size_t>& order, ValueAt v) {
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return v(a) > v(b); });
  double left = 1, sum = 0, size = 0;
  for (std::size_t key = 0; key < p.size(); ++key) {
    left -= p[key].lower;
    sum += p[key].lower * v(key);
    size = (std::max)(size, std::abs(v(key)));
  }
  for (const std::size_t key : order) {
    const double more = (std::min)((std::max)(left, 0.0), p[key].width());
    sum += more * v(key);
    left -= more;
  }
  return sum + 0x1p-40 * size;
}

template <class Mask> void attend_to_intervals(const attention_extents& extents, const attention_call<interval>& call) {
  reference::detail::for_each_attention_row<Mask, interval>(
      extents, call, [&](const reference::detail::attention_row<Mask, interval>& row) {
        std::vector<index_type> keys;
        std::vector<interval> scores;
        for (index_type key = row.first_key(); key < row.end_key(); ++key) {
          if (!row.sees(key)) continue;
          interval sum{};
          for (index_type c = 0; c < row.width(); ++c) sum += row.q()[c] * row.k(key, c);
          interval score = interval(extents.scale) * sum;
          if constexpr (has_rule<Mask>) {
            if (const double cap = call.rule->soft_cap.lower; cap > 0)
              score = of_rising([&](double x) { return cap * std::tanh(x / cap); }, score);
            if (call.rule->bias) score += call.rule->bias[row.bias_at(key)];
          }
          keys.push_back(key);
          scores.push_back(score);
        }
        for (index_type c = 0; c < row.width(); ++c) row.y()[c] = interval{};
        if (keys.empty()) return;
        const std::vector<interval> p = softmax_bounds(scores);
        std::vector<std::size_t> order(keys.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        for (index_type c = 0; c < row.width(); ++c)
          row.y()[c] = {-largest_mean(p, order, [&](std::size_t key) { return -row.v(keys[key], c).lower; }),
                        largest_mean(p, order, [&](std::size_t key) { return row.v(keys[key], c).upper; })};
      });
}

}  // namespace typeformer::detail

namespace typeformer {

template <class N, class W, class Bias>
void execute(attention_operation<N>, const call<W>& c, block_view<const interval> row,
             block_view<const interval> panels, Bias bias, block_view<interval> mixed, block_view<interval>) {
  const batch_rows& batch = c.batch_of(row.rows_are);
  for (index_type s = 0; s < batch.sequences; ++s) {
    const auto rule = detail::rule_of<N, interval>(c, batch, row.rows_are, s, detail::bias_data(bias));
    detail::attend_to_intervals<detail::mask_of<N>>(
        detail::extents_in<N>(c), detail::sequence_call<N, interval>(c.reserved, batch, s, row, panels.data, mixed,
                                                                     rows_view<interval>{}, &rule));
  }
}

}  // namespace typeformer
