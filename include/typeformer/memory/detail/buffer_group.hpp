// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>

#include <typeformer/memory/recording.hpp>

namespace typeformer::detail {

/// Buffers that share a place: how much they need, where it lies, and from when to when.
///
/// Without default member initializers: g++ 12 silently drops them from arrays in constant evaluation.
struct buffer_group {
  index_type size, offset;
  std::array<index_type, maximum_loop_depth> stride;
  int birth, death, widest;
};

using buffer_groups = std::array<buffer_group, maximum_buffers>;

/// The most elements that `count` groups hold at one time.
constexpr index_type most_live_at_once(const buffer_groups& groups, std::array<int, maximum_buffers> births,
                                       int count) {
  std::array<int, maximum_buffers> deaths = births;
  std::sort(births.begin(), births.begin() + count,
            [&](int a, int b) { return groups[std::size_t(a)].birth < groups[std::size_t(b)].birth; });
  std::sort(deaths.begin(), deaths.begin() + count,
            [&](int a, int b) { return groups[std::size_t(a)].death < groups[std::size_t(b)].death; });
  index_type live = 0, most = 0;
  for (int i = 0, dead = 0; i < count; ++i) {  // the most that lives at once does so at somebody's birth
    const buffer_group& born = groups[std::size_t(births[std::size_t(i)])];
    for (; groups[std::size_t(deaths[std::size_t(dead)])].death < born.birth; ++dead)
      live -= groups[std::size_t(deaths[std::size_t(dead)])].size;
    live += born.size;
    most = (std::max)(most, live);
  }
  return most;
}

}  // namespace typeformer::detail
