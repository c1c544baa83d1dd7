// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/math.hpp>
#include <typeformer/reference/softmax.hpp>
#include <typeformer/shape/views.hpp>

namespace typeformer {

/// How the losses of the rows become one number: not at all, their sum, or their mean over the rows that are not
/// ignored.
enum class reduction { none, sum, mean };

namespace reference {

/// Cross-entropy of softmax(logits) against labels smoothed towards the uniform distribution (Szegedy et al. 2016,
/// section 7): loss = -(1 - smoothing) log p[label] - smoothing/classes sum_c log p[c].
///
/// logits [rows][classes]; labels [rows]; losses [rows], zero where the label is `ignore`.
/// Precondition: every other label lies in [0, classes).
template <class S>
constexpr void cross_entropy(index_type rows, index_type classes, rows_view<const S> logits, const std::int32_t* labels,
                             std::int32_t ignore, S smoothing, S* losses) {
  for (index_type row = 0; row < rows; ++row) {
    losses[row] = S{0};
    if (labels[row] == ignore) continue;
    const S shift = detail::largest(classes, logits[row]);
    S sum{0}, mean{0};
    for (index_type c = 0; c < classes; ++c) {
      sum += math::exp(logits[row][c] - shift);
      mean += logits[row][c] - shift;
    }
    mean /= static_cast<S>(classes);
    losses[row] = math::log(sum) - (S{1} - smoothing) * (logits[row][labels[row]] - shift) - smoothing * mean;
  }
}

/// Gradient of `cross_entropy`: dlogits = dloss (p - (1 - smoothing) [c = label] - smoothing/classes), zero where the
/// label is ignored.
///
/// dlosses [rows]; dlogits [rows][classes], which may be the logits themselves.
template <class S>
constexpr void cross_entropy_back(index_type rows, index_type classes, rows_view<const S> logits,
                                  const std::int32_t* labels, std::int32_t ignore, S smoothing, const S* dlosses,
                                  rows_view<S> dlogits) {
  for (index_type row = 0; row < rows; ++row) {
    if (labels[row] == ignore) {
      for (index_type c = 0; c < classes; ++c) dlogits[row][c] = S{0};
      continue;
    }
    softmax<S>(1, classes, logits.from(row), dlogits.from(row));
    // forward: losses[row] = log(sum) - (1 - smoothing) * (logits[row][label] - shift) - smoothing * mean
    for (index_type c = 0; c < classes; ++c) {
      const S target = (c == labels[row] ? S{1} - smoothing : S{0}) + smoothing / static_cast<S>(classes);
      dlogits[row][c] = dlosses[row] * (dlogits[row][c] - target);
    }
  }
}

namespace detail {

template <reduction R, class S>
constexpr S loss_weight(index_type rows, const std::int32_t* labels, std::int32_t ignore) {
  if (R != reduction::mean) return S{1};
  index_type count = 0;
  for (index_type row = 0; row < rows; ++row) count += labels[row] != ignore;
  return count ? S{1} / static_cast<S>(count) : S{0};
}

}  // namespace detail

/// Sum or mean of the losses [rows]. The mean is over the rows whose label is not `ignore`, and 0 if there are none.
template <reduction R, class S>
  requires(R != reduction::none)
constexpr S reduce_losses(index_type rows, const std::int32_t* labels, std::int32_t ignore, const S* losses) {
  S sum{0};
  for (index_type row = 0; row < rows; ++row) sum += losses[row];
  return sum * detail::loss_weight<R, S>(rows, labels, ignore);
}

/// Gradient of `reduce_losses`: dlosses [rows] = dloss, or dloss / count for the mean.
template <reduction R, class S>
  requires(R != reduction::none)
constexpr void reduce_losses_back(index_type rows, const std::int32_t* labels, std::int32_t ignore, S dloss,
                                  S* dlosses) {
  // forward: return sum * loss_weight
  const S weight = detail::loss_weight<R, S>(rows, labels, ignore);
  for (index_type row = 0; row < rows; ++row) dlosses[row] = dloss * weight;
}

}  // namespace reference
}  // namespace typeformer
