// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/execution/call.hpp>
#include <typeformer/execution/objective_operations.hpp>
#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

namespace detail {

/// Whether row `row` has targets.
constexpr bool has_targets(block_view<const float> targets, index_type row) {
  return targets && !is_nan(*targets[row]);
}
/// The mean loss of a row's outputs, and whether all are right.
template <class Loss, index_type Outputs, class S> struct row_regression {
  S loss{0};
  bool is_right = Loss::has_right_answers;

  constexpr row_regression(const S* y, const float* targets) {
    for (index_type i = 0; i < Outputs; ++i) {
      loss += Loss::loss(y[i], S(targets[i]));
      if constexpr (Loss::has_right_answers) is_right = is_right && Loss::is_right(y[i], S(targets[i]));
    }
    loss /= S(Outputs);
  }
};

}  // namespace detail

template <class Loss, index_type Outputs, class W, class S>
constexpr void execute(regression_operation<Loss, Outputs>, const call<W>&, block_view<const S> y,
                       block_view<const float> targets, block_view<const double> scale, block_view<S> found) {
  found.data[0] = found.data[1] = S{0};
  for (index_type row = 0; row < y.rows; ++row) {
    if (!detail::has_targets(targets, row)) continue;
    const detail::row_regression<Loss, Outputs, S> evaluated{y[row], targets[row]};
    found.data[0] += S(*scale.data) * evaluated.loss;
    found.data[1] += evaluated.is_right ? S{1} : S{0};
  }
}

template <class Loss, index_type Outputs, class W, class S>
constexpr void execute(regression_gradient_operation<Loss, Outputs>, const call<W>&, block_view<const S> y,
                       block_view<const float> targets, block_view<const double> scale, block_view<S> found,
                       block_view<S> dy) {
  const S factor = S(*scale.data) / S(Outputs);
  found.data[0] = S{0};
  for (index_type row = 0; row < y.rows; ++row) {
    const bool has_targets = detail::has_targets(targets, row);
    if (has_targets)
      found.data[0] += S(*scale.data) * detail::row_regression<Loss, Outputs, S>{y[row], targets[row]}.loss;
    for (index_type i = 0; i < Outputs; ++i)  // dy may have the same memory as y
      dy[row][i] = has_targets ? factor * Loss::derivative(y[row][i], S(targets[row][i])) : S{0};
  }
}

}  // namespace typeformer
