// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <typeformer/foundation/precondition.hpp>
#include <typeformer/hosted/cholesky.hpp>

namespace typeformer {

/// The second moments C = Σ x xᵀ / rows of rows that a model shows, and directions that touch such rows little.
///
/// ```cpp
///   tf::row_moments moments{hidden};
///   for (index_type r = 0; r < table.rows; ++r) moments.add(table.row(r));
/// ```
class row_moments {
 public:
  explicit row_moments(std::size_t width) : width_{width}, sums_(width * width) {}

  /// Precondition: row.size() is the width.
  void add(std::span<const float> row) {
    TYPEFORMER_PRECONDITION(row.size() == width_);
    for (std::size_t i = 0; i < width_; ++i)
      for (std::size_t j = 0; j <= i; ++j) sums_[i * width_ + j] += double(row[i]) * double(row[j]);
    ++rows_;
  }
  std::size_t rows() const { return rows_; }

  /// m = C⁻¹ x / (xᵀ C⁻¹ x): of all m with xᵀ m = 1 the one with the least mean (yᵀ m)² over the rows y (Meng et al. 2022,
  /// arXiv:2202.05262, eq. 2). `ridge` times the mean of C's diagonal is added to it, for directions that no row has.
  /// Preconditions: rows were added, x is not 0, ridge > 0. Cost: width³ / 3 FLOPs.
  std::vector<double> direction_of(std::span<const float> x, double ridge = 1e-3) const {
    TYPEFORMER_PRECONDITION(rows_ > 0 && x.size() == width_ && ridge > 0);
    std::vector<double> matrix = sums_;
    for (double& number : matrix) number /= double(rows_);
    add_ridge(matrix, width_, ridge);
    std::vector<double> solution(x.begin(), x.end());
    cholesky{std::move(matrix), width_}.solve(solution);
    double product = 0;
    for (std::size_t i = 0; i < width_; ++i) product += double(x[i]) * solution[i];
    for (double& number : solution) number /= product;
    return solution;
  }

 private:
  std::size_t width_, rows_ = 0;
  std::vector<double> sums_;  // the lower triangle
};

}  // namespace typeformer
