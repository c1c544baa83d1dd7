// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>

#include <typeformer/contract/observations.hpp>
#include <typeformer/memory/plan.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

/// The position of a walk in its loops, and the offsets of a plan there.
struct loop_position {
  std::array<index_type, maximum_loop_depth> iteration{}, count{}, block{};
  std::array<index_type, maximum_loop_depth> number{};  ///< of the iteration for operations: counted from `first`
  int depth = 0;

  constexpr void enter(const loop_description& loop) {
    const std::size_t d = std::size_t(depth++);
    iteration[d] = loop.reverse ? loop.count - 1 : 0;
    number[d] = loop.first + iteration[d];
    count[d] = loop.count;
  }
  constexpr void go_to(const loop_description& loop, index_type step) {
    const std::size_t d = std::size_t(depth - 1);
    iteration[d] = loop.reverse ? loop.count - 1 - step : step;
    number[d] = loop.first + iteration[d];
    block[d] = loop.block_of(iteration[d]);
  }
  constexpr void leave() { number[std::size_t(depth - 1)] = iteration[std::size_t(depth - 1)] = 0, --depth; }

  /// Of a buffer or state: offset + sum over its loops of iteration · stride.
  constexpr index_type offset_of(const place& p) const {
    index_type offset = p.offset;
    for (int d = 0; d < p.depth; ++d) offset += iteration[std::size_t(d)] * p.stride[std::size_t(d)];
    return offset;
  }
  /// Of a parameter: offset + sum over all loops of block · stride.
  constexpr index_type offset_of(const operand& o) const {
    index_type offset = o.offset;
    for (int d = 0; d < depth; ++d) offset += block[std::size_t(d)] * o.stride[std::size_t(d)];
    return offset;
  }
  constexpr loop_place seen() const {
    index_type all = 0;
    for (int d = 0; d < depth; ++d) all = all * count[std::size_t(d)] + number[std::size_t(d)];
    return {depth, all};
  }
};

}  // namespace typeformer
