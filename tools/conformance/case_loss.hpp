// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/objectives/objective.hpp>
#include <typeformer/reference/cross_entropy.hpp>

#include "tensors.hpp"

namespace typeformer::conformance {

/// Mean cross-entropy of rows of logits in double; -100 is ignored.
inline double mean_cross_entropy(const std::vector<float>& logits, const std::vector<std::int32_t>& labels) {
  const std::size_t classes = logits.size() / labels.size();
  std::vector<double> row(classes);
  double sum = 0, count = 0;
  for (std::size_t r = 0; r < labels.size(); ++r) {
    const auto from = logits.begin() + static_cast<std::ptrdiff_t>(r * classes);
    std::copy(from, from + static_cast<std::ptrdiff_t>(classes), row.begin());
    double loss = 0;
    reference::cross_entropy<double>(1, index_type(classes), rows_view<const double>{row.data(), index_type(classes)},
                                     &labels[r], no_label, 0.0, &loss);
    sum += loss;
    count += labels[r] != no_label;
  }
  return sum / count;
}

/// Logits of a rectangle of tokens and, if there are labels, their loss.
inline void keep_logits_and_loss(std::vector<std::int64_t> shape, const float* logits,
                                 const std::vector<std::int32_t>& labels, tensors& results) {
  tensor& t = results["logits"];
  t.numbers.assign(logits, logits + shape[0] * shape[1] * shape[2]);
  t.shape = std::move(shape);
  if (!labels.empty()) results["loss"] = {{}, {static_cast<float>(mean_cross_entropy(t.numbers, labels))}, {}, {}};
}

}  // namespace typeformer::conformance
