// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <typeformer/activations/activations.hpp>
#include <typeformer/execution/call.hpp>
#include <typeformer/execution/self_attention.hpp>
#include <typeformer/hosted/robustness/affine_form.hpp>
#include <typeformer/hosted/robustness/interval_activations.hpp>
#include <typeformer/hosted/robustness/interval_attention.hpp>
#include <typeformer/hosted/robustness/interval_norms.hpp>
#include <typeformer/layers/activation.hpp>
#include <typeformer/layers/attention_operations.hpp>
#include <typeformer/layers/gated_activation.hpp>
#include <typeformer/layers/layer_norm.hpp>
#include <typeformer/layers/rms_norm.hpp>
#include <typeformer/reference/attention.hpp>
#include <typeformer/reference/norm_gain.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

/// A bound of a smooth activation function's second derivative; 0: none is known, and it does not compile on affine forms.
template <class Function> inline constexpr double curvature = 0;
template <> inline constexpr double curvature<sigmoid> = 0.1;
template <> inline constexpr double curvature<tanh_activation> = 0.8;
template <> inline constexpr double curvature<silu> = 0.6;
template <> inline constexpr double curvature<quick_gelu> = 1;
template <> inline constexpr double curvature<gelu_erf> = 1;
template <> inline constexpr double curvature<gelu_tanh> = 1.2;
template <> inline constexpr double curvature<relu> = -1;  // convex, with its kink at 0

namespace detail {

template <class Function, index_type Parts> affine_form<Parts> activated(const affine_form<Parts>& x) {
  const interval range = x.range(), known = activated<Function>(range);
  const auto f = [](double t) { return double(Function::value(t)); };
  if constexpr (curvature<Function> < 0) return convex(x, range, known, f, [](double) { return 0.0; });
  else
    return linearized(x, range, known, f, [&](double slope) {
      constexpr int steps = 32;
      const double step = range.width() / steps;
      interval off{f(range.lower) - slope * range.lower, f(range.lower) - slope * range.lower};
      for (int i = 1; i <= steps; ++i) {
        const double t = range.lower + i * step, here = f(t) - slope * t;
        off = {(std::min)(off.lower, here), (std::max)(off.upper, here)};
      }
      const double between =
          curvature<Function> * step * step / 8 + 0x1p-46 * (1 + std::abs(off.lower) + std::abs(off.upper));
      return interval{off.lower - between, off.upper + between};
    });
}

template <norm_gain Gain, index_type Parts>
void normalize_row(const std::vector<affine_form<Parts>>& centered, double epsilon, const affine_form<Parts>* weight,
                   const affine_form<Parts>* bias, affine_form<Parts>* y) {
  const double width = double(centered.size());
  const std::vector<interval> known = normalized_bounds(
      index_type(centered.size()), [&](index_type i) { return centered[std::size_t(i)].range(); }, epsilon);
  affine_form<Parts> squares{};
  double least = 0;
  for (const affine_form<Parts>& n : centered) {
    squares += square(n);
    least += typeformer::square(n.range()).lower;
  }
  const affine_form<Parts> inverse =
      reciprocal_root_of(squares.mapped(1 / width, epsilon, 0), (epsilon + least / width) * (1 - 0x1p-40));
  for (std::size_t i = 0; i < centered.size(); ++i)
    y[i] = (centered[i] * inverse).within(known[i]) * reference::gain_of<Gain>(weight, index_type(i)) +
           (bias ? bias[i] : affine_form<Parts>{});
}

template <class Mask, index_type Parts>
void attend_to_forms(const attention_extents& extents, const attention_call<affine_form<Parts>>& call) {
  using form = affine_form<Parts>;
  reference::detail::for_each_attention_row<Mask, form>(
      extents, call, [&](const reference::detail::attention_row<Mask, form>& row) {
        std::vector<index_type> keys;
        std::vector<form> scores;
        for (index_type key = row.first_key(); key < row.end_key(); ++key) {
          if (!row.sees(key)) continue;
          form sum{};
          for (index_type c = 0; c < row.width(); ++c) sum += row.q()[c] * row.k(key, c);
          scores.push_back(sum.mapped(extents.scale, 0, 0));
          if constexpr (has_rule<Mask>)
            if (call.rule->bias) scores.back() += call.rule->bias[row.bias_at(key)];
          keys.push_back(key);
        }
        for (index_type c = 0; c < row.width(); ++c) row.y()[c] = form{};
        if (keys.empty()) return;
        std::vector<interval> ranges;
        std::vector<std::size_t> order;
        for (const form& score : scores) order.push_back(order.size()), ranges.push_back(score.range());
        std::vector<interval> p_ranges = softmax_bounds(ranges);
        for (std::size_t j = 0; j < keys.size(); ++j) {
          form inverse{1};  // 1 / p_j = Σ_k exp(s_k − s_j), where that of j itself is 1
          for (std::size_t k = 0; k < keys.size(); ++k)
            if (k != j) inverse += exp_of(scores[k] - scores[j]);
          const form p = reciprocal_of(inverse, 1 - 0x1p-40).within(p_ranges[j]);
          p_ranges[j] = p.range();
          for (index_type c = 0; c < row.width(); ++c) row.y()[c] += p * row.v(keys[j], c);
        }
        for (index_type c = 0; c < row.width(); ++c) {
          const auto value = [&](std::size_t j) { return row.v(keys[j], c).range(); };
          row.y()[c] =
              row.y()[c].within({-largest_mean(p_ranges, order, [&](std::size_t j) { return -value(j).lower; }),
                                 largest_mean(p_ranges, order, [&](std::size_t j) { return value(j).upper; })});
        }
      });
}

}  // namespace detail

template <class Function, index_type Width, class W, index_type Parts>
  requires(curvature<Function> != 0)
void execute(activation_operation<Function, Width>, const call<W>&, block_view<const affine_form<Parts>> x,
             block_view<affine_form<Parts>> y) {
  for (index_type row = 0; row < x.rows; ++row)
    for (index_type i = 0; i < Width; ++i) y[row][i] = detail::activated<Function>(x[row][i]);
}
template <class Function, index_type Width, class W, index_type Parts>
  requires(curvature<Function> != 0)
void execute(gated_activation_operation<Function, Width>, const call<W>&, block_view<const affine_form<Parts>> x,
             block_view<affine_form<Parts>> y) {
  for (index_type row = 0; row < x.rows; ++row)
    for (index_type i = 0; i < Width; ++i) y[row][i] = detail::activated<Function>(x[row][i]) * x[row][Width + i];
}

template <index_type Width, number Epsilon, norm_gain Gain, class W, index_type Parts>
void execute(layer_norm_operation<Width, Epsilon, Gain>, const call<W>&, block_view<const affine_form<Parts>> x,
             const affine_form<Parts>* weight, const affine_form<Parts>* bias, block_view<affine_form<Parts>> y,
             block_view<affine_form<Parts>>) {
  for (index_type row = 0; row < x.rows; ++row) {
    affine_form<Parts> mean{};
    for (index_type i = 0; i < Width; ++i) mean += x[row][i];
    mean = mean.mapped(1.0 / double(Width), 0, 0);
    std::vector<affine_form<Parts>> centered;
    for (index_type i = 0; i < Width; ++i) centered.push_back(x[row][i] - mean);
    detail::normalize_row<Gain>(centered, Epsilon.value, weight, bias, y[row]);
  }
}
template <index_type Width, number Epsilon, norm_gain Gain, class W, index_type Parts>
void execute(rms_norm_operation<Width, Epsilon, Gain>, const call<W>&, block_view<const affine_form<Parts>> x,
             const affine_form<Parts>* weight, block_view<affine_form<Parts>> y, block_view<affine_form<Parts>>) {
  for (index_type row = 0; row < x.rows; ++row) {
    std::vector<affine_form<Parts>> numbers_of_row(x[row], x[row] + Width);
    detail::normalize_row<Gain>(numbers_of_row, Epsilon.value, weight, static_cast<const affine_form<Parts>*>(nullptr),
                                y[row]);
  }
}

/// Scores that are capped do not compile.
template <class N, class W, class Bias, index_type Parts>
  requires(N::rule::soft_cap == 0)
void execute(attention_operation<N>, const call<W>& c, block_view<const affine_form<Parts>> row,
             block_view<const affine_form<Parts>> panels, Bias bias, block_view<affine_form<Parts>> mixed,
             block_view<affine_form<Parts>>) {
  using form = affine_form<Parts>;
  const batch_rows& batch = c.batch_of(row.rows_are);
  for (index_type s = 0; s < batch.sequences; ++s) {
    const auto rule = detail::rule_of<N, form>(c, batch, row.rows_are, s, detail::bias_data(bias));
    detail::attend_to_forms<detail::mask_of<N>>(
        detail::extents_in<N>(c),
        detail::sequence_call<N, form>(c.reserved, batch, s, row, panels.data, mixed, rows_view<form>{}, &rule));
  }
}

}  // namespace typeformer
