// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: only_a_model_of_tokens_generates<sensor
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct sensor
    : tf::decoder_only<tf::feature_embedding<tf::channels<3>, tf::width<16>>, tf::learned_positions<tf::context<16>>,
                       tf::pre_norm_block<tf::self_attention<tf::heads<2>, tf::causal>, tf::feed_forward<32, tf::relu>>,
                       tf::classifier<4>> {};

using large = tf::session<sensor, tf::all_logits>;
auto speculate(large& s, const tf::generation_request& q, tf::speculation_workspace w, tf::philox& r, bool (&f)(int)) {
  return tf::generate_speculatively(s, s, q, 2, tf::greedy{}, w, r, f);  // expect-own-line
}
