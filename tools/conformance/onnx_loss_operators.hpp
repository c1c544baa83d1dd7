// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <limits>

#include <typeformer/reference/negative_log_likelihood.hpp>

#include "onnx_case.hpp"
#include "row_operators.hpp"

namespace typeformer::conformance {

/// Labels in the reference's form. Without an ignored index, it is a number that no label has.
inline std::vector<std::int32_t> labels_of(onnx_case& c, index_type classes, std::int32_t& ignore) {
  attributes& a = c.attribute();
  const bool ignores = a.has("ignore_index");
  const std::int64_t ignored = a.count("ignore_index", 0);
  ignore = std::numeric_limits<std::int32_t>::min();
  std::vector<std::int32_t> labels;
  for (const std::int64_t label : c.get_integers(1).values) {
    if (ignores && label == ignored) labels.push_back(ignore);
    else if (label < 0 || label >= classes) throw wrong_case("label " + std::to_string(label));
    else labels.push_back(static_cast<std::int32_t>(label));
  }
  return labels;
}

inline index_type class_count(const given_tensor<float>& scores) {
  const index_type classes = scores.extent(1);
  if (classes == 0) throw wrong_case("scores of no class");
  return classes;
}

/// The classes are axis 1 of the scores.
inline void put_onnx_losses(onnx_case& c, const given_tensor<float>& scores, const numbers<float>& log_probabilities) {
  const index_type classes = class_count(scores), rows = scores.size() / classes;
  std::int32_t ignore = 0;
  const auto labels = labels_of(c, classes, ignore);
  const auto weights = c.has(2) ? c.get(2).values : numbers<float>{};
  if (static_cast<index_type>(labels.size()) != rows ||
      (c.has(2) && static_cast<index_type>(weights.size()) != classes))
    throw wrong_case("extents of labels or weights");
  const float* const class_weights = c.has(2) ? weights.data() : nullptr;
  numbers<float> losses = zeros<float>(rows);
  reference::negative_log_likelihood<float>(rows, in(log_probabilities, classes), labels.data(), ignore, class_weights,
                                            losses.data());
  const std::string reduced = c.attribute().text("reduction", "mean");
  if (reduced == "none") return c.put(0, c.get_integers(1).shape, losses);
  const float sum = reference::reduce_losses<reduction::sum, float>(rows, labels.data(), ignore, losses.data());
  if (reduced == "sum") return c.put(0, {}, {sum});
  if (reduced != "mean") throw not_supported("reduction = " + reduced);
  c.put(0, {}, {sum / reference::total_label_weight<float>(rows, labels.data(), ignore, class_weights)});
}

inline void compute_onnx_negative_log_likelihood(onnx_case& c) {
  const auto scores = c.get(0);
  put_onnx_losses(c, scores, with_axis_last(scores.values, scores.shape, axis_of(1, scores.rank()), false));
}

inline void compute_onnx_softmax_cross_entropy(onnx_case& c) {
  const auto scores = c.get(0);
  auto rows = with_axis_last(scores.values, scores.shape, axis_of(1, scores.rank()), false);
  const index_type classes = class_count(scores);
  reference::log_softmax<float>(scores.size() / classes, classes, in(rows, classes), out(rows, classes));
  put_onnx_losses(c, scores, rows);
  c.put(1, scores.shape, with_axis_last(rows, scores.shape, 1, true));
}

}  // namespace typeformer::conformance
