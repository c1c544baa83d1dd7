// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <functional>

#include <typeformer/hosted/training/averaged_weights.hpp>
#include <typeformer/hosted/training/learning_rates.hpp>
#include <typeformer/hosted/training/loss_guard.hpp>
#include <typeformer/optimizers/decay_policy.hpp>
#include <typeformer/optimizers/optimizer.hpp>
#include <typeformer/optimizers/schedules/constant_schedule.hpp>
#include <typeformer/optimizers/training_policy.hpp>

namespace typeformer {

/// The hyper-parameters of a training run. A trainer checks them before its first step (`check_recipe`).
template <Optimizer O> struct training_recipe {
  O optimizer{};
  learning_rates learning_rate = constant_schedule{1e-3};                        ///< of a step, counted from 0
  std::function<bool(const parameter_tensor&)> decays = decays_matrices_only{};  ///< where weight decay applies
  index_type steps = 1000;
  index_type accumulated_batches = 1;    ///< whose gradients one step adds up
  double maximum_gradient_norm = 1;      ///< 0: gradients are not clipped
  index_type evaluation_interval = 100;  ///< steps from one evaluation to the next
  std::function<bool(const parameter_tensor&)> trains =
      trains_everything{};  ///< the others are frozen: they do not change
  loss_guard guard{};
  averaged_weights average{};
  double peak_flops_per_second = 0;  ///< of the machine, for `utilization`; 0: unknown
};

}  // namespace typeformer
