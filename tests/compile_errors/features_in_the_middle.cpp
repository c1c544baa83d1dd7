// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: layer_cannot_stand_here<typeformer::feature_embedding<typeformer::channels<3>
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct mixed
    : tf::encoder_only<
          tf::token_embedding<tf::vocabulary<9>, tf::width<16>>, tf::feature_embedding<tf::channels<3>, tf::width<16>>,
          tf::learned_positions<tf::context<16>>,
          tf::pre_norm_block<tf::self_attention<tf::heads<2>, tf::bidirectional>, tf::feed_forward<32, tf::relu>>,
          tf::mean_pooling, tf::classifier<4>> {};

static_assert(tf::parameter_count<mixed> > 0);  // expect-own-line
