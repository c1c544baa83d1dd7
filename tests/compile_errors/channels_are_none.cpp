// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: option_is_out_of_range<typeformer::channels<0>, typeformer::feature_embedding
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct sensor
    : tf::encoder_only<
          tf::feature_embedding<tf::channels<0>, tf::width<16>>, tf::learned_positions<tf::context<16>>,
          tf::pre_norm_block<tf::self_attention<tf::heads<2>, tf::bidirectional>, tf::feed_forward<32, tf::relu>>,
          tf::mean_pooling, tf::classifier<4>> {};

static_assert(tf::parameter_count<sensor> > 0);  // expect-own-line
