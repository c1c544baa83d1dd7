// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/reference/cross_entropy.hpp>

namespace typeformer::reference {

/// losses[row] = -class_weights[label] log_probabilities[row][label], zero where the label is `ignore`.
///
/// log_probabilities [rows][classes], as from `log_softmax`; labels [rows]; class_weights [classes] or null for ones.
/// Precondition: every other label lies in [0, classes).
template <class S>
constexpr void negative_log_likelihood(index_type rows, rows_view<const S> log_probabilities,
                                       const std::int32_t* labels, std::int32_t ignore, const S* class_weights,
                                       S* losses) {
  for (index_type row = 0; row < rows; ++row) {
    const std::int32_t label = labels[row];
    if (label == ignore) losses[row] = S{0};
    else losses[row] = -(class_weights ? class_weights[label] : S{1}) * log_probabilities[row][label];
  }
}

/// Gradient of `negative_log_likelihood`: -class_weights[label] dloss at the label, else zero.
///
/// dlosses [rows]; dlog_probabilities [rows][classes], all written.
template <class S>
constexpr void negative_log_likelihood_back(index_type rows, index_type classes, const std::int32_t* labels,
                                            std::int32_t ignore, const S* class_weights, const S* dlosses,
                                            rows_view<S> dlog_probabilities) {
  for (index_type row = 0; row < rows; ++row) {
    for (index_type c = 0; c < classes; ++c) dlog_probabilities[row][c] = S{0};
    const std::int32_t label = labels[row];
    if (label == ignore) continue;
    // forward: losses[row] = -class_weights[label] * log_probabilities[row][label]
    dlog_probabilities[row][label] = -(class_weights ? class_weights[label] : S{1}) * dlosses[row];
  }
}

/// The sum of the class weights of all labels that are not `ignore`: the divisor of a weighted mean.
template <class S>
constexpr S total_label_weight(index_type rows, const std::int32_t* labels, std::int32_t ignore,
                               const S* class_weights) {
  S total{0};
  for (index_type row = 0; row < rows; ++row)
    if (labels[row] != ignore) total += class_weights ? class_weights[labels[row]] : S{1};
  return total;
}

}  // namespace typeformer::reference
