// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include <typeformer/hosted/training/finished_run.hpp>
#include <typeformer/inspection/scaling_law.hpp>

namespace typeformer::detail {

/// The law with the least squares of relative errors, (predicted / loss - 1)².
///
/// With fixed exponents the law is linear in floor, A and B, none of which may be negative: the best of the solutions for
/// each set of those that are not 0. The exponents are searched on a grid of their logarithms and then by a simplex
/// (Nelder, Mead 1965), which needs no derivatives and no start.
class scaling_least_squares {
 public:
  explicit scaling_least_squares(std::span<const finished_run> runs) : runs_{runs} {
    for (const finished_run& run : runs) {
      middle_parameters_ += std::log(run.parameters) / double(runs.size());
      middle_tokens_ += std::log(run.tokens) / double(runs.size());
    }
  }

  scaling_law best() {
    constexpr int steps = 24;
    constexpr double first = -3.5;  // exponents from 0.03 to 1.9
    vertex start;
    for (int i = 0; i < steps; ++i)
      for (int j = 0; j < steps; ++j) start = lower(start, vertex_at({first + i * spacing, first + j * spacing}));
    return best_from(start);
  }
  /// The search starts at the exponents of a law of similar losses.
  scaling_law best_near(const scaling_law& law) {
    return best_from(vertex_at({std::log(law.alpha), std::log(law.beta)}));
  }

 private:
  static constexpr double spacing = 0.18;
  using point = std::array<double, 2>;  // logarithms of the exponents
  struct vertex {
    point at{};
    double squares = std::numeric_limits<double>::infinity();
  };
  struct solution {
    scaling_law law{};
    double squares = std::numeric_limits<double>::infinity();
  };

  static vertex lower(const vertex& a, const vertex& b) { return b.squares < a.squares ? b : a; }
  vertex vertex_at(const point& at) {
    // Powers beyond these bounds are no law, and overflow.
    if (std::abs(at[0]) > 5 || std::abs(at[1]) > 5) return {at};
    return {at, solution_for(std::exp(at[0]), std::exp(at[1])).squares};
  }

  scaling_law best_from(const vertex& start) {
    std::array simplex{start, vertex_at({start.at[0] + spacing, start.at[1]}),
                       vertex_at({start.at[0], start.at[1] + spacing})};
    const auto by_squares = [](const vertex& a, const vertex& b) { return a.squares < b.squares; };
    for (int step = 0; step < 300; ++step) {
      std::sort(simplex.begin(), simplex.end(), by_squares);
      const auto size = [&](std::size_t k) {
        return std::abs(simplex[1].at[k] - simplex[0].at[k]) + std::abs(simplex[2].at[k] - simplex[0].at[k]);
      };
      if (size(0) + size(1) < 1e-9) break;
      const auto& [best, good, worst] = simplex;
      const auto towards = [&](double distance) {  // 1: the worst one mirrored at the middle of the others
        point to{};
        for (std::size_t k = 0; k < 2; ++k) {
          const double middle = (best.at[k] + good.at[k]) / 2;
          to[k] = middle + distance * (middle - worst.at[k]);
        }
        return vertex_at(to);
      };
      vertex next = towards(1);
      if (next.squares < best.squares) next = lower(next, towards(2));
      else if (next.squares >= good.squares)
        next = next.squares < worst.squares ? lower(next, towards(0.5)) : towards(-0.5);
      if (next.squares < worst.squares) {
        simplex[2] = next;
        continue;
      }
      for (std::size_t v = 1; v < 3; ++v)
        simplex[v] = vertex_at({(simplex[0].at[0] + simplex[v].at[0]) / 2, (simplex[0].at[1] + simplex[v].at[1]) / 2});
    }
    const vertex best = *std::min_element(simplex.begin(), simplex.end(), by_squares);
    return solution_for(std::exp(best.at[0]), std::exp(best.at[1])).law;
  }

  /// Runs are counted from their middle, so that the three columns have one size.
  solution solution_for(double alpha, double beta) {
    rows_.clear();
    std::array<std::array<double, 3>, 3> products{};  // of columns
    std::array<double, 3> sums{};
    for (const finished_run& run : runs_) {
      const auto& row = rows_.emplace_back(row_of(run, alpha, beta));
      for (std::size_t i = 0; i < 3; ++i) {
        sums[i] += row[i];
        for (std::size_t j = 0; j < 3; ++j) products[i][j] += row[i] * row[j];
      }
    }
    solution best;
    for (unsigned used = 1; used < 8; ++used) {
      const std::array<double, 3> factors = solved(products, sums, used);
      if (std::any_of(factors.begin(), factors.end(), [](double f) { return !(f >= 0); })) continue;
      double squares = 0;
      for (const auto& row : rows_) {
        const double error = row[0] * factors[0] + row[1] * factors[1] + row[2] * factors[2] - 1;
        squares += error * error;
      }
      if (squares < best.squares)
        best = {{.floor = factors[0],
                 .a = factors[1] * std::exp(alpha * middle_parameters_),
                 .b = factors[2] * std::exp(beta * middle_tokens_),
                 .alpha = alpha,
                 .beta = beta},
                squares};
    }
    return best;
  }
  std::array<double, 3> row_of(const finished_run& run, double alpha, double beta) const {
    return {1 / run.loss, std::exp(alpha * (middle_parameters_ - std::log(run.parameters))) / run.loss,
            std::exp(beta * (middle_tokens_ - std::log(run.tokens))) / run.loss};
  }

  /// Gaussian elimination on the unknowns of a set of bits; the others are 0.
  static std::array<double, 3> solved(std::array<std::array<double, 3>, 3> matrix, std::array<double, 3> right,
                                      unsigned used) {
    for (std::size_t i = 0; i < 3; ++i)
      if ((used >> i & 1) == 0) {
        for (std::size_t j = 0; j < 3; ++j) matrix[i][j] = matrix[j][i] = i == j;
        right[i] = 0;
      }
    // The matrix is symmetric and positive, so that no row needs another's place.
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t below = i + 1; below < 3; ++below) {
        const double factor = matrix[below][i] / matrix[i][i];
        for (std::size_t j = i; j < 3; ++j) matrix[below][j] -= factor * matrix[i][j];
        right[below] -= factor * right[i];
      }
    for (std::size_t i = 3; i-- > 0;) {
      for (std::size_t j = i + 1; j < 3; ++j) right[i] -= matrix[i][j] * right[j];
      right[i] /= matrix[i][i];
    }
    return right;
  }

  std::span<const finished_run> runs_;
  std::vector<std::array<double, 3>> rows_;
  double middle_parameters_ = 0, middle_tokens_ = 0;  // logarithms
};

}  // namespace typeformer::detail
