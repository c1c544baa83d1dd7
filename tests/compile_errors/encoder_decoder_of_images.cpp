// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: encoder_reads_tokens_or_features_only<typeformer::patch_embedding
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct captions
    : tf::encoder_decoder<
          tf::source_and_target<tf::patch_embedding<tf::image<1, 8, 8>, tf::patch<4, 4>, tf::width<16>>,
                                tf::token_embedding<tf::vocabulary<40>, tf::width<16>>>,
          tf::encoder<
              tf::learned_positions<tf::context<16>>,
              tf::pre_norm_block<tf::self_attention<tf::heads<2>, tf::bidirectional>, tf::feed_forward<32, tf::relu>>>,
          tf::decoder<tf::learned_positions<tf::context<16>>,
                      tf::pre_norm_decoder_block<tf::self_attention<tf::heads<2>, tf::causal>,
                                                 tf::cross_attention<tf::heads<2>>, tf::feed_forward<32, tf::relu>>,
                      tf::tied_head>> {};

static_assert(tf::parameter_count<captions> > 0);  // expect-own-line
