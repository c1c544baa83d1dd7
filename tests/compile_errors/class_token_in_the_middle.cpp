// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: layer_cannot_stand_here<typeformer::class_token
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct sensor
    : tf::encoder_only<
          tf::feature_embedding<tf::channels<3>, tf::width<16>>, tf::learned_positions<tf::context<16>>,
          tf::class_token,
          tf::pre_norm_block<tf::self_attention<tf::heads<2>, tf::bidirectional>, tf::feed_forward<32, tf::relu>>,
          tf::first_token, tf::classifier<4>> {};

static_assert(tf::parameter_count<sensor> > 0);  // expect-own-line
