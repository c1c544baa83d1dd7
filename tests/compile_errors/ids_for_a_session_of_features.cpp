// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: typeformer: this model reads features: prefill and decode take numbers, not ids
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct sensor
    : tf::decoder_only<tf::feature_embedding<tf::channels<3>, tf::width<16>>, tf::learned_positions<tf::context<16>>,
                       tf::pre_norm_block<tf::self_attention<tf::heads<2>, tf::causal>, tf::feed_forward<32, tf::relu>>,
                       tf::classifier<4>> {};

auto run(tf::session<sensor>& f, std::span<const std::int32_t> ids) {
  return f.prefill(ids);  // expect-own-line
}
