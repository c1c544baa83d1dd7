// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include <typeformer/foundation/uniform_below.hpp>

namespace typeformer {

/// The numbers 0 to size - 1 in a random order. Each order is equally likely. Precondition: size < 2^32.
inline std::vector<std::size_t> shuffled(std::size_t size, philox& generator) {
  std::vector<std::size_t> order(size);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t left = size; left > 1; --left)
    std::swap(order[left - 1], order[uniform_below(static_cast<std::uint32_t>(left), generator)]);
  return order;
}

}  // namespace typeformer
