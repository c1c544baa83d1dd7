// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string_view>

#include <typeformer/parameters/layout.hpp>

namespace typeformer {

/// The tensor with that name, or a tensor whose `of` is null. Cost: a comparison with every tensor.
constexpr parameter_tensor find_tensor(const parameter_layout& layout, std::string_view name) {
  parameter_tensor found;
  for_each_tensor(layout, [&](const parameter_tensor& tensor) {
    // The last part of the name is compared first, because the whole name must be composed.
    if (!found.of && name.ends_with(tensor.of->name) && tensor.name().view() == name) found = tensor;
  });
  return found;
}

}  // namespace typeformer
