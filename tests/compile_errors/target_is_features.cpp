// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: decoder_after_an_encoder_reads_tokens_only<typeformer::feature_embedding
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct speaker
    : tf::encoder_decoder<
          tf::source_and_target<tf::token_embedding<tf::vocabulary<40>, tf::width<16>>,
                                tf::feature_embedding<tf::channels<3>, tf::width<16>>>,
          tf::encoder<
              tf::learned_positions<tf::context<16>>,
              tf::pre_norm_block<tf::self_attention<tf::heads<2>, tf::bidirectional>, tf::feed_forward<32, tf::relu>>>,
          tf::decoder<tf::learned_positions<tf::context<16>>,
                      tf::pre_norm_decoder_block<tf::self_attention<tf::heads<2>, tf::causal>,
                                                 tf::cross_attention<tf::heads<2>>, tf::feed_forward<32, tf::relu>>,
                      tf::untied_head>> {};

static_assert(tf::parameter_count<speaker> > 0);  // expect-own-line
