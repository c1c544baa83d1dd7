// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/reference/cross_entropy.hpp>
#include <typeformer/reference/linear.hpp>
#include <typeformer/reference/soft_cap.hpp>

namespace typeformer {

/// The labels [rows], the label value that is ignored, the factor of losses and gradients, and the soft cap of the
/// logits (0: none).
template <class S> struct row_labels {
  const std::int32_t* labels;
  std::int32_t ignore;
  S smoothing, scale;
  S soft_cap{0};
};

/// Memory for the rows of one chunk: logits [chunk_rows][vocabulary]; h and dh [chunk_rows][width], to which labeled
/// rows are gathered. Evaluation needs no dh. Gradients through a soft cap need a copy of the capped logits, as large as
/// the logits. Precondition: chunk_rows > 0.
template <class S> struct head_scratch {
  index_type chunk_rows;
  S *logits, *h, *dh;
  S* capped = nullptr;
};

/// The scaled sum of the losses, the number of labeled rows, and how many of those have the largest logit at the label
/// (of equal logits the first counts).
template <class S> struct head_evaluation {
  S loss;
  index_type labeled, correct;
};

namespace reference {

namespace detail {

template <class S> constexpr bool is_first_largest(index_type classes, const S* x, index_type label) {
  for (index_type c = 0; c < classes; ++c)
    if (c < label ? !(x[c] < x[label]) : !(x[c] <= x[label])) return false;
  return true;
}

}  // namespace detail

/// Softmax cross-entropy of a language model's head with logits = h W^T + b, or their `soft_cap`: the sum over the
/// labeled rows of scale * `cross_entropy`.
///
/// h [rows][width]; w(class, column) of [vocabulary] x [width]; bias [vocabulary] or null; labels [rows]. One row of
/// logits is used. Precondition: labels are `ignore` or lie in [0, vocabulary).
template <class S, class Weight>
constexpr head_evaluation<S> head_cross_entropy(index_type rows, rows_view<const S> h, const Weight& w, const S* bias,
                                                const row_labels<S>& targets, const head_scratch<S>& scratch) {
  const index_type classes = w.outputs;
  head_evaluation<S> result{};
  for (index_type row = 0; row < rows; ++row) {
    if (targets.labels[row] == targets.ignore) continue;
    S loss{0};
    linear<S>(1, h.from(row), w, bias, {scratch.logits, classes});
    if (targets.soft_cap > 0)
      soft_cap<S>(1, classes, {scratch.logits, classes}, targets.soft_cap, {scratch.logits, classes});
    cross_entropy<S>(1, classes, {scratch.logits, classes}, targets.labels + row, targets.ignore, targets.smoothing,
                     &loss);
    result.loss += targets.scale * loss;
    ++result.labeled;
    result.correct += detail::is_first_largest(classes, scratch.logits, targets.labels[row]);
  }
  return result;
}

/// The loss of `head_cross_entropy` and its gradients. dh [rows][width] is written, with zeros for rows without a
/// label. dW and db accumulate.
///
/// dw [vocabulary][width]; dbias [vocabulary] or null; dh may be h itself.
template <class S>
constexpr S head_cross_entropy_gradient(index_type rows, rows_view<const S> h, row_major_view<const S> w, const S* bias,
                                        const row_labels<S>& targets, const head_scratch<S>& scratch, rows_view<S> dh,
                                        row_major_view<S> dw, S* dbias) {
  const index_type classes = w.outputs;
  const rows_view<S> logits{scratch.logits, classes};
  S sum{0};
  for (index_type row = 0; row < rows; ++row) {
    if (targets.labels[row] == targets.ignore) {
      for (index_type i = 0; i < w.inputs; ++i) dh[row][i] = S{0};
      continue;
    }
    S loss{0};
    linear<S>(1, h.from(row), w, bias, logits);
    if (targets.soft_cap > 0) {
      soft_cap<S>(1, classes, logits, targets.soft_cap, logits);
      for (index_type i = 0; i < classes; ++i) scratch.capped[i] = scratch.logits[i];
    }
    cross_entropy<S>(1, classes, logits, targets.labels + row, targets.ignore, targets.smoothing, &loss);
    sum += targets.scale * loss;
    cross_entropy_back<S>(1, classes, logits, targets.labels + row, targets.ignore, targets.smoothing, &targets.scale,
                          logits);
    if (targets.soft_cap > 0) soft_cap_back<S>(1, classes, {scratch.capped, classes}, targets.soft_cap, logits, logits);
    linear_back<S>(1, h.from(row), w, logits, {}, dw, dbias);
    linear_back<S>(1, h.from(row), w, logits, dh.from(row), {}, nullptr);
  }
  return sum;
}

}  // namespace reference
}  // namespace typeformer
