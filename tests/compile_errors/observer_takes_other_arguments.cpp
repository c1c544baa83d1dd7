// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: an observer is copied and called with \(observation, loop_place, block_view<const float>, width\)
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct my_gpt : tf::gpt2<tf::gpt2_config{.layers = 2, .width = 8, .heads = 2, .vocabulary = 11, .context = 8}> {};

bool wrong(tf::forward_pass<my_gpt, tf::observing>& run, std::span<const std::int32_t> ids) {
  return bool(run.run(ids, [](tf::observation, const float*) {}));  // expect-own-line
}
