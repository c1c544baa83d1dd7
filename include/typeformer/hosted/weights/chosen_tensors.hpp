// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include <typeformer/parameters/layout.hpp>

namespace typeformer {

/// The tensors of a layout for which `chooses(tensor)` is true, each as a separate leaf at its place among all
/// parameters.
template <class Chooses> std::vector<leaf> chosen_leaves(const parameter_layout& layout, const Chooses& chooses) {
  std::vector<leaf> chosen;
  for_each_tensor(layout, [&](const parameter_tensor& tensor) {
    if (!chooses(tensor)) return;
    leaf alone = *tensor.of;
    std::size_t loop = 0;
    for (int i = 0; i < alone.path_length; ++i)
      if (path_part& part = alone.path[std::size_t(i)]; !part.is_word() && part.number < 0)
        part.number = int(tensor.block[loop++]);
    alone.offset = tensor.offset;
    alone.stride = alone.count = {};
    chosen.push_back(alone);
  });
  return chosen;
}

/// The layout that lists these leaves; it refers to them.
inline parameter_layout layout_of_leaves(const std::vector<leaf>& leaves) {
  std::int64_t size = 0;
  for (const leaf& l : leaves) size += std::int64_t(l.rows) * l.columns;
  return {leaves.data(), int(leaves.size()), size};
}

}  // namespace typeformer
