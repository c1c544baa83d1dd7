// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: heads_are_not_a_multiple_of_key_value_heads<typeformer::heads<8>, typeformer::key_value_heads<3>, typeformer::self_attention<typeformer::heads<8>, typeformer::key_value_heads<3>
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct three_groups
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
                       tf::repeat<4, tf::pre_norm_block<tf::self_attention<tf::heads<8>, tf::key_value_heads<3>>,
                                                        tf::feed_forward<256, tf::gelu_tanh>>>,
                       tf::layer_norm<>, tf::tied_head> {};

static_assert(tf::parameter_count<three_groups> > 0);  // expect-own-line
