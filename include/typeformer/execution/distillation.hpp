// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/execution/call.hpp>
#include <typeformer/execution/objective_operations.hpp>
#include <typeformer/execution/regression.hpp>
#include <typeformer/foundation/math.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

namespace detail {

/// log softmax(logits / T) of a row.
template <class S, class Logit> class softened_row {
 public:
  constexpr softened_row(const Logit* logits, index_type count, S temperature)
      : logits_{logits}, per_temperature_{S{1} / temperature}, largest_{S(logits[0])} {
    for (index_type i = 1; i < count; ++i)
      if (S(logits[i]) > largest_) largest_ = S(logits[i]), likeliest_ = i;
    S sum{0};
    for (index_type i = 0; i < count; ++i) sum += math::exp((S(logits[i]) - largest_) * per_temperature_);
    log_sum_ = math::log(sum);
  }
  constexpr S log_probability(index_type i) const { return (S(logits_[i]) - largest_) * per_temperature_ - log_sum_; }
  constexpr index_type likeliest() const { return likeliest_; }

 private:
  const Logit* logits_;
  S per_temperature_, largest_, log_sum_{};
  index_type likeliest_ = 0;
};

/// T² Σ p (log p − log q), p the probabilities of the targets and q those of y.
template <index_type Outputs, class S>
constexpr S divergence(const softened_row<S, float>& target, const softened_row<S, S>& row, S temperature) {
  S sum{0};
  for (index_type i = 0; i < Outputs; ++i) {
    const S log_p = target.log_probability(i);
    sum += math::exp(log_p) * (log_p - row.log_probability(i));
  }
  return temperature * temperature * sum;
}

}  // namespace detail

template <number Temperature, index_type Outputs, class W, class S>
constexpr void execute(distillation_operation<Temperature, Outputs>, const call<W>&, block_view<const S> y,
                       block_view<const float> targets, block_view<const double> scale, block_view<S> found) {
  constexpr S temperature = S(Temperature.value);
  found.data[0] = found.data[1] = S{0};
  for (index_type row = 0; row < y.rows; ++row) {
    if (!detail::has_targets(targets, row)) continue;
    const detail::softened_row<S, float> target{targets[row], Outputs, temperature};
    const detail::softened_row<S, S> student{y[row], Outputs, temperature};
    found.data[0] += S(*scale.data) * detail::divergence<Outputs>(target, student, temperature);
    found.data[1] += student.likeliest() == target.likeliest() ? S{1} : S{0};
  }
}

template <number Temperature, index_type Outputs, class W, class S>
constexpr void execute(distillation_gradient_operation<Temperature, Outputs>, const call<W>&, block_view<const S> y,
                       block_view<const float> targets, block_view<const double> scale, block_view<S> found,
                       block_view<S> dy) {
  constexpr S temperature = S(Temperature.value);
  found.data[0] = S{0};
  for (index_type row = 0; row < y.rows; ++row) {
    if (!detail::has_targets(targets, row)) {
      for (index_type i = 0; i < Outputs; ++i) dy[row][i] = S{0};
      continue;
    }
    const detail::softened_row<S, float> target{targets[row], Outputs, temperature};
    const detail::softened_row<S, S> student{y[row], Outputs, temperature};
    found.data[0] += S(*scale.data) * detail::divergence<Outputs>(target, student, temperature);
    // T² Σ p (log p − log q): dy = T (q − p). It may have the same memory as y, of which each number is read once more.
    for (index_type i = 0; i < Outputs; ++i)
      dy[row][i] =
          S(*scale.data) * temperature * (math::exp(student.log_probability(i)) - math::exp(target.log_probability(i)));
  }
}

}  // namespace typeformer
