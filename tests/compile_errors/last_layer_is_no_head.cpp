// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: last_layer_is_no_head<typeformer::layer_norm<>
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct headless
    : tf::decoder_only<
          tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
          tf::repeat<4, tf::pre_norm_block<tf::self_attention<tf::heads<4>>, tf::feed_forward<256, tf::gelu_tanh>>>,
          tf::layer_norm<>> {};

static_assert(tf::parameter_count<headless> > 0);  // expect-own-line
