// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: attention_width_is_not_a_multiple_of_heads<typeformer::width<64>, typeformer::heads<0>, typeformer::self_attention<typeformer::heads<0>
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct no_heads
    : tf::decoder_only<
          tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
          tf::repeat<4, tf::pre_norm_block<tf::self_attention<tf::heads<0>>, tf::feed_forward<256, tf::gelu_tanh>>>,
          tf::layer_norm<>, tf::tied_head> {};

static_assert(tf::parameter_count<no_heads> > 0);  // expect-own-line
