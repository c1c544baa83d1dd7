// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: only_a_model_of_tokens_generates<sensor
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct sensor
    : tf::decoder_only<tf::feature_embedding<tf::channels<3>, tf::width<16>>, tf::learned_positions<tf::context<16>>,
                       tf::pre_norm_block<tf::self_attention<tf::heads<2>, tf::causal>, tf::feed_forward<32, tf::relu>>,
                       tf::classifier<4>> {};

using texts = std::span<tf::generated_text>;
auto generate(tf::session<sensor>& s, std::span<const tf::generation_request> q, texts t, int (&c)(int),
              bool (&f)(int)) {
  return tf::generate_batch(s, q, t, c, f);  // expect-own-line
}
