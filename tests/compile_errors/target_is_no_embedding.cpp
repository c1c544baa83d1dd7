// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: first_layer_is_no_embedding<typeformer::layer_norm<>
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct translator
    : tf::encoder_decoder<
          tf::source_and_target<tf::token_embedding<tf::vocabulary<40>, tf::width<16>>, tf::layer_norm<>>,
          tf::encoder<
              tf::learned_positions<tf::context<16>>,
              tf::pre_norm_block<tf::self_attention<tf::heads<2>, tf::bidirectional>, tf::feed_forward<32, tf::relu>>>,
          tf::decoder<tf::learned_positions<tf::context<16>>,
                      tf::pre_norm_decoder_block<tf::self_attention<tf::heads<2>, tf::causal>,
                                                 tf::cross_attention<tf::heads<2>>, tf::feed_forward<32, tf::relu>>,
                      tf::tied_head>> {};

static_assert(tf::parameter_count<translator> > 0);  // expect-own-line
