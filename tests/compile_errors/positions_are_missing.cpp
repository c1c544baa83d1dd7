// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: positions_are_missing_after_the_embedding<typeformer::token_embedding<typeformer::vocabulary<512>, typeformer::width<64>
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct without_positions
    : tf::decoder_only<
          tf::token_embedding<tf::vocabulary<512>, tf::width<64>>,
          tf::repeat<4, tf::pre_norm_block<tf::self_attention<tf::heads<4>>, tf::feed_forward<256, tf::gelu_tanh>>>,
          tf::layer_norm<>, tf::tied_head> {};

static_assert(tf::parameter_count<without_positions> > 0);  // expect-own-line
