// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <typeformer/hosted/weights/recorded_weights.hpp>
#include <typeformer/kernels/narrow_matrix.hpp>

namespace typeformer {

/// The upper triangular U with (H + λ)⁻¹ = Uᵀ U, where H are the moments of a matrix's inputs and λ is a hundredth of the
/// mean of H's diagonal. Inputs that were always zero count as independent.
class compensation_factors {
 public:
  explicit compensation_factors(input_moments moments) : inputs_{moments.inputs}, u_(std::move(moments.sums)) {
    const index_type n = inputs_;
    double mean = 0;
    for (index_type i = 0; i < n; ++i) mean += at(i, i) / double(n);
    for (index_type i = 0; i < n; ++i) at(i, i) += at(i, i) > 0 ? 0.01 * mean : 1.0;
    // H = R Rᵀ with an upper R, from the last column on; H is read below the diagonal, R is written above it.
    for (index_type k = n; k-- > 0;) {
      double pivot = at(k, k);
      for (index_type j = k + 1; j < n; ++j) pivot -= at(k, j) * at(k, j);
      at(k, k) = std::sqrt(pivot);
      for (index_type i = 0; i < k; ++i) {
        double sum = at(k, i);
        for (index_type j = k + 1; j < n; ++j) sum -= at(i, j) * at(k, j);
        at(i, k) = sum / at(k, k);
      }
    }
    // U = R⁻¹, row by row from the last one.
    for (index_type i = n; i-- > 0;) {
      std::vector<double> row(std::size_t(n), 0.0);
      row[std::size_t(i)] = 1 / at(i, i);
      for (index_type k = i + 1; k < n; ++k)
        for (index_type j = k; j < n; ++j) row[std::size_t(j)] -= at(i, k) * at(k, j) / at(i, i);
      for (index_type j = i; j < n; ++j) at(i, j) = row[std::size_t(j)];
    }
  }
  index_type inputs() const { return inputs_; }
  double operator()(index_type i, index_type j) const { return u_[std::size_t(i * inputs_ + j)]; }

 private:
  double& at(index_type i, index_type j) { return u_[std::size_t(i * inputs_ + j)]; }

  index_type inputs_;
  std::vector<double> u_;
};

/// Rule of `kernels::narrow_matrix`: the error of each number is made good by those that follow in its row, as far as the
/// inputs were correlated (GPTQ: Frantar et al. 2022, arXiv:2210.17323, algorithm 1). The scale of a group is the one of
/// 34, from that of its range down to a half of it, that costs least.
class compensated_rounding {
 public:
  explicit compensated_rounding(const compensation_factors& factors)
      : u_{&factors}, row_(std::size_t(factors.inputs())) {}

  float* row(const float* canonical, index_type inputs) {
    std::copy_n(canonical, inputs, row_.begin());
    return row_.data();
  }
  template <GroupedFormat Format>
  std::uint32_t scale_of_group(const float* row, index_type input, index_type count) const {
    std::uint32_t best = 0;
    double least = std::numeric_limits<double>::infinity();
    for (int candidate = 0; candidate < 34; ++candidate) {
      const std::uint32_t scales = narrowed_scale<Format>(row + input, count, candidate / 2, candidate % 2 == 0);
      const auto of = group_scale::of<Format>(scales, 0);
      double cost = 0;
      for (index_type i = input; i < input + count; ++i) {
        const auto q = static_cast<float>(kernels::detail::nearest_in_group<Format>(row[i], of));
        const double error = double(row[i] - (of.scale * q + of.lowest)) / (*u_)(i, i);
        cost += error * error;
      }
      if (cost < least) least = cost, best = scales;
    }
    return best;
  }
  void rounded(float* row, index_type input, float meant) const {
    const double error = double(row[input] - meant) / (*u_)(input, input);
    for (index_type k = input + 1; k < u_->inputs(); ++k) row[k] = float(double(row[k]) - error * (*u_)(input, k));
  }

 private:
  /// The scale of a range that is 3 % narrower for each step. `first` is one of two: the sign of the side that has one step more (symmetric), or whether both ends are cut or the lower one (asymmetric).
  template <GroupedFormat Format>
  static std::uint32_t narrowed_scale(const float* x, index_type count, int steps, bool first) {
    const float cut = 0.03f * static_cast<float>(steps), lowest = *std::min_element(x, x + count),
                highest = *std::max_element(x, x + count);
    float ends[2];
    if constexpr (Format::is_symmetric) {
      ends[0] = ends[1] = (first ? 1 - cut : cut - 1) * (std::max)(-lowest, highest);
    } else {
      const float width = cut * (highest - lowest);
      ends[0] = lowest + (first ? width / 2 : width);
      ends[1] = highest - (first ? width / 2 : 0);
    }
    return kernels::detail::scale_of_group<Format>(ends, 2);
  }

  const compensation_factors* u_;
  std::vector<float> row_;
};

}  // namespace typeformer
