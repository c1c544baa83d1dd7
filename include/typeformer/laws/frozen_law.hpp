// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <vector>

#include <typeformer/laws/random_values.hpp>
#include <typeformer/laws/verdict.hpp>
#include <typeformer/optimizers/adamw.hpp>
#include <typeformer/optimizers/apply.hpp>

namespace typeformer::laws {

/// Law: an optimizer step moves every tensor that trains and changes no bit of a frozen one. First every second tensor
/// is frozen, then the others.
template <Model M, Optimizer O = adamw> finding check_frozen(const O& optimizer = {}) {
  finding f{.applies = true, .at_most = 0};
  const std::vector<double> start = random_values<double>(layout_of<M>.parameters),
                            gradients = random_values<double>(layout_of<M>.parameters, 13);
  for (const index_type first : {0, 1}) {
    parameters<M, double> values;
    optimizer_state<M, O, double> state;
    if (!values.available() || !state.available()) return f;  // tested nothing: does not hold
    std::copy(start.begin(), start.end(), values.data());
    index_type number = 0;
    std::vector<bool> frozen;
    optimizer_step(
        optimizer, values, gradients.data(), state, state.next_step(1e-2), decays_matrices_only{},
        [&](const parameter_tensor&) { return frozen.push_back((number++ + first) % 2 == 0), !frozen.back(); });
    std::size_t t = 0;
    for_each_tensor(layout_of<M>, [&](const parameter_tensor& tensor) {
      index_type moved = 0;
      for (index_type i = tensor.offset; i < tensor.offset + tensor.size(); ++i)
        moved += values.data()[i] != start[std::size_t(i)];
      f.found(frozen[t] ? double(moved) : double(moved == 0),
              frozen[t] ? "numbers moved of frozen " : "times trained nothing of ", tensor.name().view());
      ++t;
    });
  }
  return f;
}

}  // namespace typeformer::laws
