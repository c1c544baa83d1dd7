// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: layer_knows_nothing_of_earlier_segments<typeformer::learned_positions<typeformer::context<128>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct counting
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
                       tf::relative_positions<tf::context<128>, tf::memory_length<64>>,
                       tf::repeat<4, tf::pre_norm_block<tf::transformer_xl_attention<tf::heads<4>>,
                                                        tf::feed_forward<256, tf::gelu_tanh>>>,
                       tf::layer_norm<>, tf::tied_head> {};

static_assert(tf::parameter_count<counting> > 0);  // expect-own-line
