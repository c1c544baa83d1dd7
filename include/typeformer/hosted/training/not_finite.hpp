// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/hosted/training/training_state.hpp>
#include <typeformer/parameters/layout.hpp>

namespace typeformer {

/// The name of the first tensor that holds a number that is not finite; empty if there is none. `data` has the order of
/// the parameters. Cost: a pass.
[[gnu::cold]] inline std::string first_not_finite(const parameter_layout& layout, const float* data) {
  std::string name;
  for_each_tensor(layout, [&](const parameter_tensor& tensor) {
    const float* const begin = data + tensor.offset;
    if (!name.empty() || std::all_of(begin, begin + tensor.size(), [](float x) { return is_finite(x); })) return;
    name = std::string(tensor.name().view());
  });
  return name;
}

/// The name, in a checkpoint, of the first tensor of a training state that holds such a number; empty if there is none.
template <Model M, Optimizer O> [[gnu::cold]] std::string first_not_finite(const training_state<M, O>& state) {
  std::string name = first_not_finite(layout_of<M>, state.values.data());
  for_each_moment<M, O>(state,
                        [&](const std::string& of, const std::vector<std::int64_t>& extents, const float* data, bool) {
                          std::int64_t size = 1;
                          for (const std::int64_t extent : extents) size *= extent;
                          if (name.empty() && !std::all_of(data, data + size, [](float x) { return is_finite(x); }))
                            name = of;
                        });
  const bool losses_are_finite =
      std::all_of(state.last_losses.begin(), state.last_losses.end(), [](double x) { return is_finite(x); });
  if (name.empty() && !losses_are_finite) name = "training.last_losses";
  for (const evaluated_step& evaluated : state.evaluations)
    if (name.empty() && !is_finite(evaluated.validation_loss)) name = "training.evaluations";
  return name;
}

}  // namespace typeformer
