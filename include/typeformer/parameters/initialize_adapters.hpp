// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/parameters/initialize.hpp>
#include <typeformer/parameters/named_like.hpp>

namespace typeformer {

/// The tensors that fine-tuning with adapters trains: the adapters and the heads. For `training_recipe::trains`.
using trains_adapters_and_heads = head_and_adapter_parameters;
/// The tensors that fine-tuning on a frozen body trains.
using trains_heads = head_parameters;

/// Initial values of low-rank updates: A normal, B zero, so that they change nothing yet (Hu et al. 2021,
/// arXiv:2106.09685, §4.1).
inline constexpr initial_values initial_lora_a{"*lora_A.weight", 0.02, 0}, initial_lora_b{"*lora_B.weight", 0, 0};

/// Initializes the adapters and nothing else, for a body that was copied.
template <Model M, class S, class Store, class Generator>
void initialize_adapters(parameters<M, S, Store>& values, Generator&& generator) {
  for_each_tensor(layout_of<M>, [&](const parameter_tensor& tensor) {
    const tensor_name name = tensor.name();
    for (const initial_values& start : {initial_lora_a, initial_lora_b})
      if (matches(start.pattern, name.view()))
        for (index_type i = 0; i < tensor.size(); ++i)
          values.of(tensor)[i] =
              start.deviation > 0 ? S(start.deviation * standard_normal(generator)) : S(start.constant);
  });
}

}  // namespace typeformer
