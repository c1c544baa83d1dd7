// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: an observer is copied and called with
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct my_gpt : tf::gpt2<tf::gpt2_config{.layers = 2, .width = 8, .heads = 2, .vocabulary = 11, .context = 8}> {};

struct my_observer {
  my_observer() = default;
  my_observer(const my_observer&) = delete;
  void operator()(tf::observation, tf::loop_place, tf::block_view<const float>, tf::index_type) {}
};

bool wrong(tf::forward_pass<my_gpt, tf::observing>& run, std::span<const std::int32_t> ids, my_observer& observer) {
  return bool(run.run(ids, observer));  // expect-own-line
}
