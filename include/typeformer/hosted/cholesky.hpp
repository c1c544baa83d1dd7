// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <typeformer/foundation/precondition.hpp>

namespace typeformer {

/// Adds `ridge` times the mean of the diagonal, or `ridge` where that is 0, to the diagonal of a matrix [size][size].
inline void add_ridge(std::vector<double>& matrix, std::size_t size, double ridge) {
  double mean = 0;
  for (std::size_t i = 0; i < size; ++i) mean += matrix[i * size + i] / double(size);
  for (std::size_t i = 0; i < size; ++i) matrix[i * size + i] += ridge * (mean > 0 ? mean : 1);
}

/// The triangle L with L Lᵀ = A, for a small symmetric positive definite matrix, and solutions of A x = b.
class cholesky {
 public:
  /// `matrix` [size][size], of which the lower triangle is read. A matrix that is not positive definite gives numbers that
  /// are not finite. Cost: size³ / 3 FLOPs.
  cholesky(std::vector<double> matrix, std::size_t size) : size_{size}, l_{std::move(matrix)} {
    TYPEFORMER_PRECONDITION(l_.size() == size * size);
    for (std::size_t i = 0; i < size; ++i)
      for (std::size_t j = 0; j <= i; ++j) {
        double rest = l_[i * size + j];
        for (std::size_t k = 0; k < j; ++k) rest -= l_[i * size + k] * l_[j * size + k];
        l_[i * size + j] = i == j ? std::sqrt(rest) : rest / l_[j * size + j];
      }
  }

  /// Replaces b by x. Cost: 2 size² FLOPs.
  void solve(std::span<double> b) const {
    TYPEFORMER_PRECONDITION(b.size() == size_);
    for (std::size_t i = 0; i < size_; ++i) {
      for (std::size_t j = 0; j < i; ++j) b[i] -= l_[i * size_ + j] * b[j];
      b[i] /= l_[i * size_ + i];
    }
    for (std::size_t i = size_; i-- > 0;) {
      for (std::size_t j = i + 1; j < size_; ++j) b[i] -= l_[j * size_ + i] * b[j];
      b[i] /= l_[i * size_ + i];
    }
  }

 private:
  std::size_t size_;
  std::vector<double> l_;
};

}  // namespace typeformer
