// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: patch_is_larger_than_the_image<typeformer::image<3, 32, 6>, typeformer::patch<8, 8>, typeformer::patch_embedding
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct vision
    : tf::encoder_only<
          tf::patch_embedding<tf::image<3, 32, 6>, tf::patch<8, 8>, tf::width<16>, tf::patch_stride<4, 4>>,
          tf::learned_positions<tf::context<16>>,
          tf::pre_norm_block<tf::self_attention<tf::heads<2>, tf::bidirectional>, tf::feed_forward<32, tf::relu>>,
          tf::mean_pooling, tf::classifier<4>> {};

static_assert(tf::parameter_count<vision> > 0);  // expect-own-line
