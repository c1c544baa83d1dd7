// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>

#include <typeformer/optimizers/decay_policy.hpp>
#include <typeformer/optimizers/optimizer_state.hpp>
#include <typeformer/optimizers/training_policy.hpp>

namespace typeformer {

/// Moves all parameters of a model one step along `gradients`, which have the same order.
///
/// `decays(tensor)` says where the optimizer's weight decay applies. A tensor for which `trains(tensor)` is false does
/// not change, nor does its state. Usually `context` is `state.next_step(rate)`.
/// Precondition: parameters and state are available.
template <Model M, Optimizer O, class S, class Store, class StateStore, DecayPolicy Decays = decays_matrices_only,
          TrainingPolicy Trains = trains_everything>
void optimizer_step(const O& optimizer, parameters<M, S, Store>& values, const S* gradients,
                    optimizer_state<M, O, S, StateStore>& state, const step_context& context, const Decays& decays = {},
                    const Trains& trains = {}) {
  S* compact = state.compact();
  for_each_tensor(layout_of<M>, [&](const parameter_tensor& t) {
    const tensor_extents extents{t};
    tensor_update<S, O::state_arrays> tensor{.values = values.of(t),
                                             .gradient = gradients + t.offset,
                                             .state = {},
                                             .shape = extents,
                                             .decays = decays(t),
                                             .compact_state = compact};
    for (int i = 0; i < O::state_arrays; ++i) tensor.state[std::size_t(i)] = state.array(i) + t.offset;
    if (trains(t)) optimizer.update(tensor, context);
    compact += compact_state_size<O>(extents);
  });
}

}  // namespace typeformer
