// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/foundation/isa.hpp>
#include <typeformer/foundation/precondition.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/objectives/batch_error.hpp>
#include <typeformer/objectives/label_counts.hpp>
#include <typeformer/objectives/training_pass.hpp>
#include <typeformer/optimizers/clip_gradients.hpp>
#include <typeformer/parameters/layout.hpp>
#include <typeformer/shape/token_batch.hpp>

namespace typeformer {

struct lissa_settings {
  double damping = 0.01;  ///< is added to the Hessian's eigenvalues, the smallest of which is negative before a minimum
  double scale = 10;      ///< above the largest eigenvalue
  index_type steps = 100;
  double perturbation = 1e-3;  ///< of the parameters, by their norm
};

}  // namespace typeformer

namespace typeformer::inline TYPEFORMER_ISA {

/// Multiplies a vector by the inverse Hessian of the training loss: x ≈ (H + damping · I)⁻¹ v, by
///
///   x ← x + (v − (H + damping · I) x) / scale
///
/// with the Hessian of another batch in each step (Agarwal, Bullins, Hazan 2017, arXiv:1602.03943, §3; Koh, Liang 2017,
/// arXiv:1703.04730, §3). With `tracin::add` it gives influence functions: the products of gradients that this divides by
/// the curvature. H x is the difference of two gradients, at parameters that are moved along x to both sides. Options as
/// for `training_pass`. Memory: 3 · parameters scalars. Cost of a step: two forward and backward passes.
///
/// ```cpp
///   tf::lissa<M, tf::causal_language_model, tf::scalar<double>> inverse{{.damping = 0.1}};
///   scores.add(parameters, 1, query, example,
///              [&](std::span<double> gradient) { return inverse.apply(parameters, gradient, batch); });
/// ```
template <class M, class Objective, class... Options> class lissa {
 public:
  using pass_type = training_pass<M, Objective, Options...>;
  using scalar_type = typename pass_type::scalar_type;

  explicit lissa(const lissa_settings& settings) : settings_{settings} {}

  /// Replaces `vector` by its product. `batch(step)` is called with every step in order, and returns a `token_batch` that
  /// lasts until the next call. The result is what |v − (H + damping · I) x| / |v| was in the last step, by its own
  /// batch: above 1 the steps diverge, for `scale` or `damping` is too small.
  ///
  /// Precondition: `vector` has as many numbers as the model has parameters. Errors: those of `check_batch`; then
  /// `vector` has not changed.
  template <class Batch>
  result<double, batch_error> apply(const scalar_type* parameters, std::span<scalar_type> vector, Batch&& batch) {
    TYPEFORMER_PRECONDITION(vector.size() == count);
    const double length = norm(vector), of_parameters = norm(std::span{parameters, count});
    std::vector<double> x(count);
    double residual = 1;
    for (std::size_t i = 0; i < count; ++i) x[i] = double(vector[i]) / settings_.scale;
    for (index_type step = 0; step < settings_.steps && length > 0 && is_finite(residual); ++step) {
      token_batch part = batch(step);
      set_mean_scales<Objective>(part);
      double of_x = 0;
      for (const double number : x) of_x += number * number;
      const double distance = settings_.perturbation * of_parameters / std::sqrt(of_x);
      for (const double side : {1.0, -1.0}) {
        std::vector<scalar_type>& slope = side > 0 ? ahead_ : behind_;
        for (std::size_t i = 0; i < count; ++i) moved_[i] = scalar_type(double(parameters[i]) + side * distance * x[i]);
        std::fill(slope.begin(), slope.end(), scalar_type{0});
        if (const auto loss = pass_.run(moved_.data(), slope.data(), part); !loss) return failure{loss.error()};
      }
      double squares = 0;
      for (std::size_t i = 0; i < count; ++i) {
        const double curved = (double(ahead_[i]) - double(behind_[i])) / (2 * distance) + settings_.damping * x[i],
                     rest = double(vector[i]) - curved;
        squares += rest * rest;
        x[i] += rest / settings_.scale;
      }
      residual = std::sqrt(squares) / length;
    }
    for (std::size_t i = 0; i < count; ++i) vector[i] = scalar_type(x[i]);
    return residual;
  }

 private:
  static constexpr std::size_t count = std::size_t(layout_of<M>.parameters);
  static double norm(std::span<const scalar_type> numbers) { return global_norm<scalar_type>(numbers); }

  lissa_settings settings_;
  pass_type pass_;
  std::vector<scalar_type> moved_ = std::vector<scalar_type>(count), ahead_ = moved_, behind_ = moved_;
};

}  // namespace typeformer::inline TYPEFORMER_ISA
