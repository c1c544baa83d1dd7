// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <span>

#include <typeformer/optimizers/detail/adafactor_pass.hpp>

namespace typeformer {

/// Adafactor, as in Hugging Face: the second moment of a matrix is the product of the averages of its rows and its
/// columns.
///
/// β̂₂ₜ = 1 − tᵈ (d = `decay_rate`);  R ← β̂₂ₜ R + (1 − β̂₂ₜ) mean of g² + ε₁ over a row, C likewise over a column;
/// v = R Cᵀ / mean(R), for a vector v ← β̂₂ₜ v + (1 − β̂₂ₜ)(g² + ε₁);  u = g / √v;  u ← u / max(1, RMS(u) / clip);
/// θ ← θ − α λ θ − α u (Shazeer, Stern 2018, algorithms 4 and 5; the last two extents of a tensor are its matrix).
/// α = ρ max(ε₂, RMS(θ)) with `scale_parameter`, else ρ; ρ = min(10⁻², 1/√t) with `relative_step` (10⁻⁶ t instead of
/// 10⁻² with `warmup_init`), which ignores the learning rate of the context, else that learning rate.
///
/// State: one number per row and per column of a matrix, one number per element of a vector. Cost: three passes, and
/// one for RMS(θ).
struct adafactor {
  double square_epsilon = 1e-30, scale_epsilon = 1e-3;
  double clip_threshold = 1;
  double decay_rate = -0.8;
  double weight_decay = 0;
  bool scale_parameter = true, relative_step = true, warmup_init = false;

  static constexpr int state_arrays = 0;
  static constexpr bool compact_state_is_of_squares = true;
  constexpr auto settings() const {
    return std::array{setting{"square_epsilon", square_epsilon, above_zero},
                      setting{"scale_epsilon", scale_epsilon, not_negative},
                      setting{"clip_threshold", clip_threshold, above_zero},
                      setting{"decay_rate", decay_rate, setting_range{-largest_setting, 0}},
                      setting{"weight_decay", weight_decay, not_negative}};
  }

  /// One number per row and per column of a matrix, one per element of a vector.
  static constexpr index_type compact_state(std::span<const index_type> shape) {
    const detail::adafactor_shape matrix{shape};
    return matrix.factored() ? matrix.matrices * (matrix.rows + matrix.columns) : shape.empty() ? 1 : shape[0];
  }

  template <class S>
  constexpr void update(const tensor_update<S, state_arrays>& tensor, const step_context& context) const {
    const double rate = rate_for(tensor.size(), tensor.values, context);
    const S scale = S(rate / clipping(tensor.shape, tensor.size(), tensor.gradient, tensor.compact_state, context));
    const S kept = S(1 - rate * (tensor.decays ? weight_decay : 0));
    detail::adafactor_second_moment<S>{tensor.shape, tensor.size(), tensor.compact_state}.for_each_run(
        [&](index_type first, index_type count, S row_factor, const S* second_moment) {
          const S factor = scale * row_factor;
          const auto step = [=](auto g, auto v, auto& value) {
            value = kept * value - factor * g / detail::square_root(v);
          };
          detail::update_elements<S>(count, step, tensor.gradient + first, second_moment, tensor.values + first);
        });
  }

  /// α.
  template <class S> constexpr double rate_for(index_type size, const S* values, const step_context& context) const {
    double rate = context.learning_rate;
    if (relative_step) {
      const double at_most = warmup_init ? 1e-6 * double(context.step) : 1e-2;
      rate = 1 / math::sqrt(double(context.step));
      if (at_most < rate) rate = at_most;
    }
    if (!scale_parameter || size == 0) return rate;
    const double root_mean_square = math::sqrt(detail::sum_of_squares(size, values) / double(size));
    return rate * math::greater(scale_epsilon, root_mean_square);
  }

  /// Updates the second moment with the gradient. Returns the divisor of u.
  template <class S>
  constexpr double clipping(std::span<const index_type> shape, index_type size, const S* gradient, S* state,
                            const step_context& context) const {
    const detail::adafactor_second_moment<S> second_moment{shape, size, state};
    second_moment.update(gradient, 1 - math::pow(double(context.step), decay_rate), square_epsilon);
    double squares = 0;
    second_moment.for_each_run([&](index_type first, index_type count, S row_factor, const S* v_of) {
      const auto square = [=](auto g, auto v) {
        const auto u = row_factor * g / detail::square_root(v);
        return u * u;
      };
      squares += detail::accumulate_elements<S>(count, square, gradient + first, v_of);
    });
    return size == 0 ? 1 : math::greater(1.0, math::sqrt(squares / double(size)) / clip_threshold);
  }
};

}  // namespace typeformer
