// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <typeformer/foundation/philox.hpp>
#include <typeformer/foundation/precondition.hpp>
#include <typeformer/foundation/uniform_below.hpp>
#include <typeformer/hosted/cholesky.hpp>

namespace typeformer {

/// What a linear map reads out of the rows of a model: the classes of tokens, by least squares.
///
/// With x extended by 1, W = (Σ x xᵀ + λ I)⁻¹ Σ x yᵀ, where y is 1 for the label and 0 for the other classes, and the class
/// of a row is the largest of Wᵀ x (Hastie, Tibshirani, Friedman 2009, §4.2). λ is `ridge` times the mean of the diagonal.
/// That a probe finds something says little until it is compared with a control task (`control_labels`).
///
/// ```cpp
///   tf::linear_probe probe{width, classes};
///   probe.add(table.row(r), label);   // for all rows
///   probe.fit();
///   const std::int32_t found = probe.class_of(unseen.row(r));
/// ```
class linear_probe {
 public:
  linear_probe(std::size_t width, std::size_t classes)
      : width_{width}, classes_{classes}, moments_((width + 1) * (width + 1)), products_(classes * (width + 1)) {
    TYPEFORMER_PRECONDITION(width > 0 && classes > 0);
  }

  /// Preconditions: row.size() is the width; 0 <= label < classes.
  void add(std::span<const float> row, std::int32_t label) {
    TYPEFORMER_PRECONDITION(row.size() == width_ && label >= 0 && std::size_t(label) < classes_);
    const std::size_t size = width_ + 1;
    for (std::size_t i = 0; i < size; ++i) {
      for (std::size_t j = 0; j <= i; ++j) moments_[i * size + j] += number(row, i) * number(row, j);
      products_[std::size_t(label) * size + i] += number(row, i);
    }
  }

  /// Finds the map of the rows that were added so far. Cost: width³ / 3 FLOPs.
  void fit(double ridge = 1e-4) {
    TYPEFORMER_PRECONDITION(ridge > 0);
    const std::size_t size = width_ + 1;
    std::vector<double> matrix = moments_;
    add_ridge(matrix, size, ridge);
    const cholesky factors{std::move(matrix), size};
    map_ = products_;
    for (std::size_t c = 0; c < classes_; ++c) factors.solve(std::span{map_}.subspan(c * size, size));
  }

  /// Preconditions: `fit` was called; row.size() is the width.
  std::int32_t class_of(std::span<const float> row) const {
    TYPEFORMER_PRECONDITION(!map_.empty() && row.size() == width_);
    std::int32_t best = 0;
    double largest = score(row, 0);
    for (std::size_t c = 1; c < classes_; ++c)
      if (const double found = score(row, c); found > largest) {
        largest = found;
        best = std::int32_t(c);
      }
    return best;
  }

 private:
  double number(std::span<const float> row, std::size_t i) const { return i < width_ ? double(row[i]) : 1; }
  double score(std::span<const float> row, std::size_t c) const {
    double sum = 0;
    for (std::size_t i = 0; i <= width_; ++i) sum += map_[c * (width_ + 1) + i] * number(row, i);
    return sum;
  }

  std::size_t width_, classes_;
  std::vector<double> moments_;   // the lower triangle of Σ x xᵀ
  std::vector<double> products_;  // Σ of the rows of each class
  std::vector<double> map_;
};

/// A class for each token id, drawn from a seed: the labels of a control task, which a probe can only learn by heart. The
/// selectivity of a probe is its accuracy minus that on these (Hewitt, Liang 2019, arXiv:1909.03368, §2).
inline std::vector<std::int32_t> control_labels(std::size_t vocabulary, std::size_t classes, std::uint64_t seed) {
  philox random{seed};
  std::vector<std::int32_t> labels(vocabulary);
  for (std::int32_t& label : labels) label = std::int32_t(uniform_below(static_cast<std::uint32_t>(classes), random));
  return labels;
}

}  // namespace typeformer
