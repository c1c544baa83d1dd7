// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: first_layer_is_no_embedding<typeformer::learned_positions<typeformer::context<128>
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct without_embedding
    : tf::decoder_only<
          tf::learned_positions<tf::context<128>>,
          tf::repeat<4, tf::pre_norm_block<tf::self_attention<tf::heads<4>>, tf::feed_forward<256, tf::gelu_tanh>>>,
          tf::layer_norm<>, tf::tied_head> {};

static_assert(tf::parameter_count<without_embedding> > 0);  // expect-own-line
