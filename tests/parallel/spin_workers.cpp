// SPDX-License-Identifier: BSL-1.0
#include <typeformer/parallel/spin_workers.hpp>

#include <memory>
#include <vector>

#include "support/catch.hpp"

namespace tf = typeformer;
static_assert(tf::Workers<tf::spin_workers<2>> && tf::Workers<tf::inline_workers>);

TEST_CASE("runs every part exactly once, for any number of parts") {
  tf::spin_pool<3> pool;
  const tf::spin_workers<3> workers{pool};
  for (tf::index_type parts : {0, 1, 2, 3, 7, 100, 4096, 10'000}) {
    std::vector<std::atomic<int>> runs(static_cast<std::size_t>(parts));
    workers.for_each(parts, [&](tf::index_type part) { ++runs[static_cast<std::size_t>(part)]; });
    bool once = true;
    for (const auto& count : runs) once = once && count == 1;
    CHECK(once);
  }
}

TEST_CASE("separates consecutive regions, even after the threads slept") {
  tf::spin_pool<2> pool;
  const tf::spin_workers<2> workers{pool};
  std::vector<tf::index_type> values(64);
  bool right = true;
  for (tf::index_type round = 0; round < 20'000; ++round) {
    workers.for_each(64, [&](tf::index_type part) { values[static_cast<std::size_t>(part)] = round + part; });
    for (tf::index_type part = 0; part < 64; ++part)
      right = right && values[static_cast<std::size_t>(part)] == round + part;
    if (round % 5'000 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  CHECK(right);
}

TEST_CASE("destroys a pool that never worked") {
  auto pool = std::make_unique<tf::spin_pool<2>>();
  pool.reset();
  CHECK(pool == nullptr);
}
