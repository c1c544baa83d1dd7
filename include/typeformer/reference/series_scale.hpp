// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/math.hpp>

namespace typeformer::reference {

/// How the numbers of a time series are scaled: (x − shift) · factor.
template <class S> struct series_scale {
  S shift{0}, factor{1};
  constexpr S of(S x) const { return (x - shift) * factor; }
};

/// (x − mean) / √(variance + ε), with the variance of a population.
///
/// x: `length` numbers, `stride` elements apart.
template <class S>
constexpr series_scale<S> standardizing(const float* x, index_type length, index_type stride, double epsilon) {
  S mean{0}, variance{0};
  for (index_type i = 0; i < length; ++i) mean += S(x[i * stride]);
  mean /= S(length);
  for (index_type i = 0; i < length; ++i) {
    const S away = S(x[i * stride]) - mean;
    variance += away * away;
  }
  return {mean, S{1} / math::sqrt(variance / S(length) + S(epsilon))};
}

/// x / max(mean |x|, smallest). Operands as above.
template <class S>
constexpr series_scale<S> dividing_by_mean(const float* x, index_type length, index_type stride, double smallest) {
  S sum{0};
  for (index_type i = 0; i < length; ++i) sum += math::fabs(S(x[i * stride]));
  return {S{0}, S{1} / math::greater(sum / S(length), S(smallest))};
}

}  // namespace typeformer::reference
