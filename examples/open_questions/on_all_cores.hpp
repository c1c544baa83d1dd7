// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace toy {

/// Calls `run(i)` for each i below `count`, on all cores. The first ones begin first.
template <class Run> void on_all_cores(std::size_t count, Run&& run) {
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < count; i = next++) run(i);
  };
  std::vector<std::thread> others(std::max(1u, std::thread::hardware_concurrency()) - 1);
  for (std::thread& thread : others) thread = std::thread{work};
  work();
  for (std::thread& thread : others) thread.join();
}

}  // namespace toy
