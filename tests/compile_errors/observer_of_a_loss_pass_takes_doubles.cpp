// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: an observer is copied and called with \(observation, loop_place, block_view<const scalar>, width\)
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct my_gpt : tf::gpt2<tf::gpt2_config{.layers = 2, .width = 8, .heads = 2, .vocabulary = 11, .context = 8}> {};

bool wrong(tf::loss_pass<my_gpt, tf::causal_language_model, tf::observing>& pass, const float* parameters,
           const tf::token_batch& batch) {
  return bool(pass.run(  // expect-own-line
      parameters, batch, [](tf::observation, tf::loop_place, tf::block_view<const double>, tf::index_type) {}));
}
