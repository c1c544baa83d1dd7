// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: reads_real_values
#include <typeformer/hosted/data/feature_batches.hpp>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct text
    : tf::encoder_only<
          tf::token_embedding<tf::vocabulary<9>, tf::width<16>>, tf::learned_positions<tf::context<16>>,
          tf::pre_norm_block<tf::self_attention<tf::heads<2>, tf::bidirectional>, tf::feed_forward<32, tf::relu>>,
          tf::first_token, tf::classifier<4>> {};

using wrong = tf::feature_batches<text, 8>;  // expect-own-line
